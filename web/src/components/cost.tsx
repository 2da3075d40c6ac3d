interface CostProps {
  readonly usd: number | null;
  readonly unknownAttempts: number;
  /** Whether nothing can be added any more. */
  readonly ended: boolean;
}

/** What agents cost as far as they said; what nobody said is said to be unknown, not free. */
export function Cost({ usd, unknownAttempts, ended }: CostProps) {
  if (usd === null) return <>{unknownAttempts > 0 ? 'unknown' : ended ? 'nothing' : 'nothing yet'}</>;
  const more = unknownAttempts === 0 ? '' : ` + ${unknownAttempts} attempt${unknownAttempts === 1 ? '' : 's'} unknown`;
  return (
    <>
      {formatUsd(usd)}
      {more}
    </>
  );
}

export const formatUsd = (usd: number): string => `$${usd.toFixed(usd !== 0 && usd < 0.1 ? 4 : 2)}`;
