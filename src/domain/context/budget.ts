/** A part of what an agent is told. */
export interface Part {
  /** As people read it in a list of what was left out. */
  readonly name: string;
  readonly text: string;
  /** 0: it is told whatever it takes. Of the others the lower one goes first; among equals the one before, and after one that is left out no other. */
  readonly priority: number;
  /** Whether a part of it is of use. */
  readonly cuttable?: boolean;
  /** What closes it where it is cut, such as the end of a quotation. */
  readonly end?: string;
}

export interface Told {
  readonly parts: readonly Part[];
  readonly tokens: number;
  /** Names of what was left out, and of what was cut. */
  readonly leftOut: readonly string[];
  readonly cut: readonly string[];
}

const CHARACTERS_A_TOKEN = 4;
/** Less of a part says nothing. */
const MIN_TOKENS = 50;

/** The least and the most that a program may be told. */
export const CONTEXT_TOKENS = { min: 1_000, max: 1_000_000 } as const;

/** How many tokens a text takes, about: programs and their models count each in its own way. */
export const tokensOf = (text: string): number => Math.ceil(text.length / CHARACTERS_A_TOKEN);

/** The parts that fit within so many tokens, in their order; by priority, what does not fit is cut or left out. */
export function fitWithin(parts: readonly Part[], budget: number): Told {
  let left = budget;
  let full: number | null = null;
  const kept = new Map<Part, Part>();
  const leftOut: string[] = [];
  const cut: string[] = [];
  for (const part of [...parts].sort((a, b) => a.priority - b.priority)) {
    const tokens = tokensOf(part.text);
    if (part.priority === full) leftOut.push(part.name);
    else if (part.priority === 0 || tokens <= left) {
      kept.set(part, part);
      left -= tokens;
    } else if (part.cuttable === true && left >= MIN_TOKENS) {
      const text = part.text.slice(0, left * CHARACTERS_A_TOKEN).replace(/[\ud800-\udbff]$/, '');
      kept.set(part, { ...part, text: `${text}…${part.end ?? ''}` });
      left = 0;
      cut.push(part.name);
    } else {
      leftOut.push(part.name);
      full = part.priority;
    }
  }
  const told = parts.flatMap((part) => kept.get(part) ?? []);
  return { parts: told, tokens: told.reduce((sum, { text }) => sum + tokensOf(text), 0), leftOut, cut };
}
