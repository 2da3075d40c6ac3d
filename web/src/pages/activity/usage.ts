import type { AgentEvent, Attempt } from '../../api/schemas';
import { formatUsd } from '../../components/cost';

/** What was used, as far as it was told: null is unknown, not nothing. */
export interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
}

const NUMBER = new Intl.NumberFormat('en');

const count = (tokens: number | null): string => (tokens === null ? 'unknown' : NUMBER.format(tokens));

export const tellUsage = ({ inputTokens, outputTokens, costUsd }: Usage): string =>
  `${count(inputTokens)} tokens in, ${count(outputTokens)} out, ${costUsd === null ? 'cost unknown' : formatUsd(costUsd)}`;

/** What an attempt has used: as its record says or, while it works, as it told last. */
export function usageOf(attempt: Attempt, events: readonly AgentEvent[]): Usage | null {
  const { tokensIn, tokensOut, costUsd } = attempt;
  if (tokensIn !== null || tokensOut !== null || costUsd !== null)
    return { inputTokens: tokensIn, outputTokens: tokensOut, costUsd };
  return events.findLast((event) => event.type === 'usage') ?? null;
}

/** All of them together; of how many each is unknown. */
export function tellTotal(usages: readonly (Usage | null)[]): string {
  const sum = (field: keyof Usage, tell: (sum: number) => string): string => {
    const known = usages.flatMap((usage) => (usage?.[field] == null ? [] : [usage[field]]));
    const unknown = usages.length - known.length;
    if (known.length === 0) return 'unknown';
    const more = unknown === 0 ? '' : ` + ${unknown} attempt${unknown === 1 ? '' : 's'} unknown`;
    return `${tell(known.reduce((total, one) => total + one, 0))}${more}`;
  };
  const tokens = (total: number): string => NUMBER.format(total);
  return `${sum('inputTokens', tokens)} tokens in, ${sum('outputTokens', tokens)} out, cost ${sum('costUsd', formatUsd)}`;
}
