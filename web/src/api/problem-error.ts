import type { Problem } from './schemas';

/** A refusal of the API, or that it could not be reached: `message` is the sentence to show. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: NonNullable<Problem['details']>;

  constructor({ status, code, detail, details = {} }: Pick<Problem, 'status' | 'code' | 'detail' | 'details'>) {
    super(detail);
    this.name = 'ProblemError';
    this.status = status;
    this.code = code;
    this.details = details;
  }

  /** Whether the same request may do better in a moment: nothing answered, or something behind the API is away. */
  get isPassing(): boolean {
    return this.status === 0 || this.status >= 500 || this.code === 'request-in-flight';
  }
}

export const isNotSignedIn = (error: unknown): boolean => error instanceof ProblemError && error.status === 401;

export const UNREACHABLE = new ProblemError({
  status: 0,
  code: 'unreachable',
  detail: 'Baton does not answer. If it was stopped, start it again with npm start; this page goes on by itself.',
});
