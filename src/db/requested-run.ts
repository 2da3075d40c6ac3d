import type { Tx } from './connection.js';

/** The run that an earlier request with this key made; null where it made none. */
export async function findRequestedRun(tx: Tx, key: string): Promise<{ id: string; number: number } | null> {
  const event = await tx.selectFrom('events').select('id').where('key', '=', key).executeTakeFirst();
  if (!event) return null;
  const run = await tx
    .selectFrom('runs')
    .select(['id', 'number'])
    .where((eb) => eb(eb.ref('trigger', '->>').key('event'), '=', String(event.id)))
    .executeTakeFirst();
  return run ?? null;
}
