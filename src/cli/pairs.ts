import { InvalidArgumentError } from 'commander';

/** Collects `key=value` options: a value that is JSON is meant as JSON, everything else as text. */
export function pairs(text: string, earlier: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as key=value.');
  return { ...earlier, [text.slice(0, at)]: valueOf(text.slice(at + 1)) };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
