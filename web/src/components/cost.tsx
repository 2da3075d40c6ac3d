import type { Attempt } from '../api/schemas';

interface CostProps {
  readonly usd: number | null;
  /** The part of it that Baton computed from list prices. */
  readonly listPriceUsd: number;
  readonly isMinimum: boolean;
  readonly unknownAttempts: number;
  /** Whether nothing can be added any more. */
  readonly ended: boolean;
}

/** What agents cost as far as they said; what nobody said is said to be unknown, not free. */
export function Cost({ usd, listPriceUsd, isMinimum, unknownAttempts, ended }: CostProps) {
  if (usd === null) return <>{unknownAttempts > 0 ? 'unknown' : ended ? 'nothing' : 'nothing yet'}</>;
  const more = unknownAttempts === 0 ? '' : ` + ${unknownAttempts} attempt${unknownAttempts === 1 ? '' : 's'} unknown`;
  const source = listPriceUsd === usd ? ', list price' : `, ${formatUsd(listPriceUsd)} of it list price`;
  return (
    <>
      {listPriceUsd > 0 ? `${sign(isMinimum)} ${formatUsd(usd)}${source}` : formatUsd(usd)}
      {more}
    </>
  );
}

/** What an attempt cost: as its program reported, else by list prices, else unknown. */
export function tellCost({
  costUsd,
  listPrice,
}: Pick<Attempt, 'costUsd'> & Partial<Pick<Attempt, 'listPrice'>>): string {
  if (costUsd !== null) return formatUsd(costUsd);
  if (!listPrice) return 'unknown';
  return `${sign(listPrice.isMinimum)} ${formatUsd(listPrice.usd)}, list price of ${listPrice.date}`;
}

export const formatUsd = (usd: number): string => `$${usd.toFixed(usd !== 0 && usd < 0.1 ? 4 : 2)}`;

const sign = (isMinimum: boolean): string => (isMinimum ? '≥' : '≈');
