import { SCOPE_NAMES } from '../../domain/expression.js';
import type { Edit } from './text-edit.js';

const TOKEN =
  /\/\/[^\n]*|[rRbB]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|[A-Za-z_]\w*|[^]/g;
const NAME = /^\.(\w+(?:-\w+)*)/;
/** Words that CEL keeps for itself, which therefore cannot follow a dot or are read as something else. */
const RESERVED = new Set(
  'false in null true as break const continue else for function if import let loop namespace package return var void while'.split(
    ' ',
  ),
);

/**
 * The edits that write `nodes.scan-compliance` as `nodes["scan-compliance"]`: to CEL a hyphen is a minus. Strings and
 * comments stay as they are. After `nodes.` a hyphen always belongs to the id, for a step is no number; only where
 * the shorter name is a step and what follows is a name of the scope or a number is it left to be a subtraction.
 */
export function hyphenatedSteps(expression: string, isStep: (name: string) => boolean): readonly Edit[] {
  const edits: Edit[] = [];
  let previous = '';
  for (const match of expression.matchAll(TOKEN)) {
    const token = match[0];
    if ((token === 'nodes' || token === 'steps') && previous !== '.') {
      const start = match.index + token.length;
      const written = NAME.exec(expression.slice(start))?.[1];
      const name = written === undefined ? null : nameOf(written, isStep);
      if (name !== null && !isPlain(name))
        edits.push({ start, end: start + 1 + name.length, text: `[${JSON.stringify(name)}]` });
    }
    if (token.trim() !== '') previous = token;
  }
  return edits;
}

function nameOf(written: string, isStep: (name: string) => boolean): string {
  if (isStep(written)) return written;
  for (let cut = written.lastIndexOf('-'); cut > 0; cut = written.lastIndexOf('-', cut - 1)) {
    const rest = written.slice(cut + 1);
    const subtracted = /^\d+$/.test(rest) || (SCOPE_NAMES as readonly string[]).includes(rest) || rest === 'steps';
    if (subtracted && isStep(written.slice(0, cut))) return written.slice(0, cut);
  }
  return written;
}

const isPlain = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name);
