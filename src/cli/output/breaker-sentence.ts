import type { z } from 'zod';
import type { breaker } from '../../schema/api/breaker.js';
import { span } from './time.js';

type Breaker = z.infer<typeof breaker>;

export const calledOf = ({ kind, name, project, fingerprint }: Breaker): string =>
  kind === 'agent'
    ? `the agent ${name} of ${project!}`
    : `${name} (key ${fingerprint === '' ? 'unknown' : fingerprint})`;

/** When work is taken there again. */
export function resumes({ state, resetAt }: Breaker): string {
  const inMs = Date.parse(resetAt) - Date.now();
  if (state === 'half-open') return 'as soon as the one that was let through does something';
  return inMs > 0
    ? `at ${resetAt}, in ${span(inMs)}`
    : 'with the next one, which is let through to see whether it goes';
}

/** What holds new work back, and when it goes on. */
export const breakerSentence = (breaker: Breaker): string =>
  `${calledOf(breaker)} gets no new work; it resumes ${resumes(breaker)}: ${breaker.reason}`;
