import type { RetryPolicy } from '../../domain/retry.js';
import { quote, type Problems } from './diagnostic.js';
import { readDuration } from './duration.js';
import { type Field, readFields, readInteger } from './fields.js';

const VOCABULARY = {
  attempts: ['attempts', 'maxAttempts'],
  delay: ['delay', 'initialDelay'],
  factor: ['factor', 'backoff'],
  maxDelay: ['maxDelay'],
} as const;

const MAX_ATTEMPTS = 20;

/** `retry: 3` (attempts in all) or `{ attempts, delay, factor, maxDelay }`; what is not said stays as in `usual`. */
export function readRetry(field: Field | undefined, problems: Problems): ((usual: RetryPolicy) => RetryPolicy) | null {
  if (!field) return null;
  const { value } = field;
  if (value.kind !== 'map') {
    const attempts = readInteger(field, 1, MAX_ATTEMPTS, problems);
    return attempts === null ? null : (usual) => ({ ...usual, attempts });
  }
  const fields = readFields(value, '`retry`', VOCABULARY, problems);
  const attempts = readInteger(fields.attempts, 1, MAX_ATTEMPTS, problems);
  const delay = readDuration(fields.delay, problems);
  const maxDelay = readDuration(fields.maxDelay, problems);
  const factor = readFactor(fields.factor, problems);
  return (usual) => {
    const initialDelayMs = delay ?? usual.initialDelayMs;
    return {
      attempts: attempts ?? usual.attempts,
      initialDelayMs,
      factor: factor ?? usual.factor,
      maxDelayMs: maxDelay ?? Math.max(usual.maxDelayMs, initialDelayMs),
    };
  };
}

function readFactor(field: Field | undefined, problems: Problems): number | null {
  if (!field) return null;
  const { value } = field;
  if (value.kind === 'scalar' && typeof value.value === 'number' && value.value >= 1 && value.value <= 10)
    return value.value;
  problems.error('bad-value', value, `${quote(field.key)} is a number from 1 to 10`);
  return null;
}
