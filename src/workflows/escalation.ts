import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { dueTimes, type EscalationRef } from '../domain/escalation.js';
import { record } from './activities.js';

export const cleared = defineSignal('cleared');

/** Walks up an escalation path while its cause lasts; ends with it, at any level and between. */
export async function escalation(ref: EscalationRef): Promise<'cleared' | 'ended'> {
  const cause = { isGone: false };
  setHandler(cleared, () => void (cause.isGone = true));

  const path = await record.beginEscalation(ref);
  if (!path) return 'cleared';
  for (const [level, dueMs] of dueTimes(path, ref.sinceMs).entries()) {
    const waitMs = dueMs - Date.now();
    if (waitMs > 0) await condition(() => cause.isGone, waitMs);
    if (cause.isGone) return 'cleared';
    const lasts = await record.escalate({ ...ref, level, atMs: dueMs, actions: path.levels[level]!.actions });
    if (!lasts) return 'cleared';
  }
  await record.endEscalation(ref);
  return 'ended';
}
