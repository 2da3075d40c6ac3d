/** Tokens that one model used. */
export interface ModelTokens {
  /** Its exact id, where the program reports it; null: the model that the agent's entry names. */
  readonly model: string | null;
  /** All input, with what was read from and written to a cache. */
  readonly inputTokens: number;
  /** Null: the program does not tell it apart. */
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  /** All output, reasoning included. */
  readonly outputTokens: number;
}

/** A cost that Baton computed from public list prices, as the program reported tokens and no price. */
export interface ListPrice {
  readonly usd: number;
  /** Day of the price table, such as 2026-09-23. */
  readonly date: string;
  /** Whether some tokens may cost more than was counted: the program does not tell enough of them. */
  readonly isMinimum: boolean;
}

/** What the earlier attempts of a conversation used, as far as their programs reported it. */
export interface Spent {
  readonly costUsd: number;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

export const NOTHING_SPENT: Spent = {
  costUsd: 0,
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
};

/** Tokens of all models together; null: no model tells them apart. */
export function cacheTokensOf(models: readonly ModelTokens[]): {
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
} {
  const total = (counts: readonly (number | null)[]): number | null => {
    const known = counts.filter((count) => count !== null);
    return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
  };
  return {
    cacheReadTokens: total(models.map(({ cacheReadTokens }) => cacheReadTokens)),
    cacheWriteTokens: total(models.map(({ cacheWriteTokens }) => cacheWriteTokens)),
  };
}

/** What attempts cost together. */
export interface Cost {
  /** Null: no attempt's cost is known. */
  readonly usd: number | null;
  /** The part of it that was computed from list prices. */
  readonly listPriceUsd: number;
  /** Whether a list price of it is a minimum. */
  readonly isMinimum: boolean;
  /** Attempts whose cost is not known. */
  readonly unknownAttempts: number;
}

/** The cost of attempts together. What the program reported takes precedence over a list price. */
export function costOf(
  attempts: readonly { readonly costUsd: number | null; readonly listPrice: ListPrice | null }[],
): Cost {
  const reported = attempts.flatMap(({ costUsd }) => (costUsd === null ? [] : [costUsd]));
  const listed = attempts.flatMap(({ costUsd, listPrice }) => (costUsd === null && listPrice ? [listPrice] : []));
  const listPriceUsd = sumUsd(listed.map(({ usd }) => usd));
  const known = reported.length + listed.length;
  return {
    usd: known === 0 ? null : sumUsd([...reported, listPriceUsd]),
    listPriceUsd,
    isMinimum: listed.some(({ isMinimum }) => isMinimum),
    unknownAttempts: attempts.length - known,
  };
}

/** In millionths of a dollar, as the record has amounts. */
const sumUsd = (amounts: readonly number[]): number =>
  Math.round(amounts.reduce((total, usd) => total + usd, 0) * 1e6) / 1e6;
