import { appendAudit } from '../../db/audit.js';
import { SYSTEM } from '../../db/events.js';
import type { Tx } from '../../db/connection.js';
import { raised } from '../../domain/escalation.js';

interface Raised {
  readonly runId: string | null;
  readonly taskId: string | null;
  readonly why: string;
}

/** Raises run and task by one priority each; says what it did. */
export async function raisePriority(tx: Tx, organisationId: string, { runId, taskId, why }: Raised): Promise<string> {
  const did: string[] = [];
  for (const [table, id] of [
    ['runs', runId],
    ['tasks', taskId],
  ] as const) {
    if (id === null) continue;
    const { priority } = await tx
      .selectFrom(table)
      .select('priority')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const next = raised(priority);
    if (next === priority) continue;
    await tx.updateTable(table).set({ priority: next }).where('id', '=', id).execute();
    const kind = table.slice(0, -1);
    await appendAudit(tx, {
      organisationId,
      actor: SYSTEM,
      action: `${kind}.raise-priority`,
      resource: `${kind}:${id}`,
      details: { from: priority, to: next, why },
      outcome: 'success',
    });
    did.push(`raised the ${kind} to ${next}`);
  }
  return did.length === 0 ? 'raised nothing' : did.join(' and ');
}
