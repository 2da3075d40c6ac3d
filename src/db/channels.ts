import type { JsonObject } from '../domain/json.js';
import { suggest } from '../domain/suggest.js';
import type { ChannelKind, QuietHours } from '../domain/notice.js';
import { BatonError } from '../domain/errors.js';
import type { Tx } from './connection.js';
import { decodeCursor, pageOf, type PageRequest } from './cursor.js';

export interface Channel {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly settings: JsonObject;
  readonly secretEnv: string | null;
  readonly quietHours: QuietHours | null;
}

const columns = ['id', 'name', 'kind', 'settings', 'secret_env as secretEnv', 'quiet_hours as quietHours'] as const;

/** Makes a channel, or brings the one of that name up to date. */
export async function saveChannel(tx: Tx, organisationId: string, channel: Channel): Promise<string> {
  const facts = {
    kind: channel.kind,
    settings: JSON.stringify(channel.settings),
    secret_env: channel.secretEnv,
    quiet_hours: channel.quietHours && JSON.stringify(channel.quietHours),
  };
  const { id } = await tx
    .insertInto('channels')
    .values({ organisation_id: organisationId, name: channel.name, ...facts })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'name']).doUpdateSet(facts))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function listChannels(tx: Tx, { cursor, limit }: PageRequest) {
  const after = decodeCursor('channels', 'uuid', cursor);
  let query = tx
    .selectFrom('channels')
    .select([...columns, 'created_at as createdAt'])
    .orderBy('name')
    .limit(limit + 1);
  if (after !== null)
    query = query.where('name', '>', (eb) => eb.selectFrom('channels').select('name').where('id', '=', after));
  return pageOf('channels', await query.execute(), limit, ({ id }) => id);
}

export const findChannel = (tx: Tx, name: string): Promise<Channel | undefined> =>
  tx.selectFrom('channels').select(columns).where('name', '=', name).executeTakeFirst();

/** Takes a channel away; notices that wait for it end as dead letters. */
export async function removeChannel(tx: Tx, name: string): Promise<void> {
  const { numDeletedRows } = await tx.deleteFrom('channels').where('name', '=', name).executeTakeFirst();
  if (numDeletedRows === 0n) throw await noSuchChannel(tx, name);
}

/** @returns the error `channel-not-found`, with what may have been meant. */
export async function noSuchChannel(tx: Tx, name: string): Promise<BatonError> {
  const known = (await tx.selectFrom('channels').select('name').orderBy('name').limit(100).execute()).map(
    (channel) => channel.name,
  );
  const near = suggest(name, known);
  const hint = near
    ? ` Did you mean ${near}?`
    : known.length === 0
      ? ' There are none yet.'
      : ` There are ${known.join(', ')}.`;
  return new BatonError(
    'channel-not-found',
    `There is no channel ${name}.${hint} An administrator adds one with: baton channels add FILE.`,
  );
}
