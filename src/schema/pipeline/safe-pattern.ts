const MAX_PATTERN_LENGTH = 200;
const MAX_REPEATS = 10;

/**
 * Why a regular expression is not run inside a workflow, as a sentence; null when nothing speaks against it. A group
 * that is repeated must hold neither a repetition nor alternatives: such patterns can take exponential time.
 */
export function refusePattern(pattern: string): string | null {
  if (pattern.length > MAX_PATTERN_LENGTH)
    return `the pattern has ${pattern.length} characters; at most ${MAX_PATTERN_LENGTH} are allowed`;
  try {
    new RegExp(pattern);
  } catch {
    return 'the pattern is no regular expression';
  }
  // Escapes and character classes become one plain character: only the structure is left.
  const shape = pattern
    .replace(/\\[1-9k]/g, '\u0000')
    .replace(/\\./gs, 'x')
    .replace(/\[\^?\]?[^\]]*\]/g, 'x')
    .replace(/\(\?(?:[:=!]|<[=!]|<\w+>)/g, '(');
  if (shape.includes('\u0000')) return 'the pattern refers back to a group';
  const open: { risky: boolean }[] = [];
  let repeats = 0;
  for (let index = 0; index < shape.length; index++) {
    const char = shape[index]!;
    if (char === '(') open.push({ risky: false });
    if (char === ')' && open.pop()?.risky && MANY.test(shape.slice(index + 1))) {
      return 'the pattern repeats a group that holds a repetition or alternatives';
    }
    const repeated = MANY.test(shape.slice(index)) || (char === '?' && !/[*+?}]/.test(shape[index - 1] ?? ''));
    if (repeated) repeats++;
    if (repeated || char === '|') markAll(open);
  }
  return repeats > MAX_REPEATS ? `the pattern repeats ${repeats} times; at most ${MAX_REPEATS} are allowed` : null;
}

const MANY = /^(?:[*+]|\{\d+(?:,\d*)?\})/;

function markAll(open: readonly { risky: boolean }[]): void {
  for (const group of open) group.risky = true;
}
