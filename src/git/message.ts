import { BatonError } from '../domain/errors.js';

/** By key; a list is a trailer for each of its values. */
export type Trailers = Readonly<Record<string, string | readonly string[]>>;

/**
 * A commit message with its trailers as the last paragraph, the only place where git looks for them: whatever an agent
 * wrote into the text above is no trailer.
 */
export function commitMessage(text: string, trailers: Trailers): string {
  const body = text.replaceAll('\0', '').replaceAll('\r\n', '\n').trim();
  if (body === '') throw new BatonError('empty-commit-message', 'A commit needs a message: say what was changed.');
  const block = Object.entries(trailers).flatMap(([key, values]) =>
    [values].flat().map((value) => `${checkedKey(key)}: ${checkedValue(key, value)}\n`),
  );
  return `${body}\n${block.length > 0 ? '\n' : ''}${block.join('')}`;
}

function checkedKey(key: string): string {
  if (/^[A-Za-z][A-Za-z0-9-]*$/.test(key)) return key;
  throw new BatonError('bad-trailer', `"${key}" cannot be a trailer: use letters, digits and hyphens.`, {
    details: { key },
  });
}

function checkedValue(key: string, value: string): string {
  if (!/[\r\n\0]/.test(value) && value.trim() !== '') return value.trim();
  throw new BatonError('bad-trailer', `The trailer ${key} needs a value of one line.`, { details: { key, value } });
}
