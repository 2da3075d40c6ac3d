import type { AgentEvent, Attempt } from '../../api/schemas';
import { formatUsd, tellCost } from '../../components/cost';

/** What was used, as far as it was told: null is unknown, not nothing. */
export interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  readonly listPrice?: Attempt['listPrice'];
}

const NUMBER = new Intl.NumberFormat('en');

const count = (tokens: number | null): string => (tokens === null ? 'unknown' : NUMBER.format(tokens));

export const tellUsage = ({ inputTokens, outputTokens, ...cost }: Usage): string =>
  `${count(inputTokens)} tokens in, ${count(outputTokens)} out, cost ${tellCost(cost)}`;

/** What an attempt has used: as its record says or, while it works, as it told last. */
export function usageOf(attempt: Attempt, events: readonly AgentEvent[]): Usage | null {
  const { tokensIn, tokensOut, costUsd, listPrice } = attempt;
  if (tokensIn !== null || tokensOut !== null || costUsd !== null)
    return { inputTokens: tokensIn, outputTokens: tokensOut, costUsd, listPrice };
  return events.findLast((event) => event.type === 'usage') ?? null;
}

/** All of them together; of how many each is unknown. */
export function tellTotal(usages: readonly (Usage | null)[]): string {
  const sum = (of: (usage: Usage) => number | null, tell: (sum: number) => string): string => {
    const known = usages.flatMap((usage) => (usage === null ? [] : [of(usage)])).filter((one) => one !== null);
    const unknown = usages.length - known.length;
    if (known.length === 0) return 'unknown';
    const more = unknown === 0 ? '' : ` + ${unknown} attempt${unknown === 1 ? '' : 's'} unknown`;
    return `${tell(known.reduce((total, one) => total + one, 0))}${more}`;
  };
  const tokens = (total: number): string => NUMBER.format(total);
  const listed = usages.flatMap((usage) => (usage?.costUsd == null && usage?.listPrice ? [usage.listPrice] : []));
  const sign = listed.some(({ isMinimum }) => isMinimum) ? '≥ ' : listed.length > 0 ? '≈ ' : '';
  const cost = sum(({ costUsd, listPrice }) => costUsd ?? listPrice?.usd ?? null, formatUsd);
  return [
    `${sum(({ inputTokens }) => inputTokens, tokens)} tokens in`,
    `${sum(({ outputTokens }) => outputTokens, tokens)} out`,
    `cost ${sign}${cost}${listed.length > 0 ? ', by list prices' : ''}`,
  ].join(', ');
}
