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

/** A message and the trailers in its last paragraph. */
export function splitTrailers(message: string): { readonly text: string; readonly trailers: Trailers } {
  const body = message.trim();
  const cut = body.lastIndexOf('\n\n');
  const lines = cut === -1 ? [] : body.slice(cut).trim().split('\n');
  const pairs = lines.map((line) => /^([A-Za-z][A-Za-z0-9-]*): (\S.*)$/.exec(line));
  if (pairs.length === 0 || pairs.includes(null)) return { text: body, trailers: {} };
  const trailers: Record<string, string[]> = {};
  for (const pair of pairs) (trailers[pair![1]!] ??= []).push(pair![2]!);
  return { text: body.slice(0, cut).trimEnd(), trailers };
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
