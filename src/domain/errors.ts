export interface BatonErrorOptions {
  /** Facts for a program: what was expected, what was found, where. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Whether the same call may succeed later. Decided where the error is made; default: no. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * Every error that Baton makes itself: a stable `code` for programs, a sentence that says what happened and what to do.
 */
export class BatonError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;

  constructor(code: string, message: string, { details = {}, retryable = false, cause }: BatonErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BatonError';
    this.code = code;
    this.details = details;
    this.retryable = retryable;
  }
}
