const MINUTE_MS = 60_000;
const FIRST_WAIT_MS = MINUTE_MS;
const MAX_UNSAID_WAIT_MS = 60 * MINUTE_MS;
/** A provider that names a time beyond this is asked again then. */
const MAX_WAIT_MS = 7 * 24 * 60 * MINUTE_MS;

/** A step that has met this many limits one after the other is not waiting for a provider, it is misconfigured. */
export const MAX_LIMITS = 100;

/**
 * When work that met a provider's limit may go on: at the time that the provider named, or, where it named none, after a
 * wait that doubles with each limit met in a row.
 *
 * @param met limits met one after the other, this one included.
 */
export function resumeAt({
  resetAtMs,
  nowMs,
  met,
}: {
  readonly resetAtMs: number | null;
  readonly nowMs: number;
  readonly met: number;
}): number {
  const unsaid = Math.min(FIRST_WAIT_MS * 2 ** (met - 1), MAX_UNSAID_WAIT_MS);
  return Math.min(Math.max(resetAtMs ?? nowMs + unsaid, nowMs), nowMs + MAX_WAIT_MS);
}

/** Why a step gives up waiting. */
export const limitFailure = ({ provider }: { readonly provider: string }) => ({
  code: 'provider-limited',
  message: `${provider} takes no more for now. Look at the plan and the key of the agents that use it.`,
});
