import {
  afterFact,
  askPassage,
  CLOSED,
  turnOf,
  type Breaker,
  type BreakerFact,
  type Passage,
} from '../domain/breaker.js';
import { appendAudit } from './audit.js';
import type { Tx } from './connection.js';
import { appendEvent, SYSTEM } from './events.js';

/** What a breaker stands before: a key of a provider, known by its fingerprint, or an agent. */
export type BreakerOf = { readonly organisationId: string } & (
  | { readonly kind: 'provider'; readonly name: string; readonly fingerprint: string }
  | { readonly kind: 'agent'; readonly id: string; readonly name: string; readonly projectId: string }
);

/** Asks whether new work may begin there; past the breaker's time one is let through, also of many who ask at once. */
export async function askBreaker(tx: Tx, of: BreakerOf, now: Date): Promise<Passage> {
  const known = await locked(tx, of);
  if (known === null) return { kind: 'go', breaker: CLOSED };
  const passage = askPassage(known, now.getTime());
  if (passage.breaker !== known) await write(tx, of, passage.breaker);
  return passage;
}

/** Writes what came of work there. That it opened or closed is an event and an entry of the audit trail. */
export async function tellBreaker(tx: Tx, of: BreakerOf, fact: BreakerFact, now: Date): Promise<Breaker> {
  // Nothing is written for what goes well, and two who fail at once count as two.
  if (fact.kind === 'limited' || fact.kind === 'failed') await insertClosed(tx, of);
  const before = (await locked(tx, of)) ?? CLOSED;
  const after = afterFact(before, fact, now.getTime());
  if (after === before) return after;
  await write(tx, of, after);
  const turn = turnOf(before, after);
  if (turn === 'opened') await tellOpened(tx, of, after, fact.kind === 'limited');
  if (turn === 'closed') await tellClosed(tx, of, before);
  return after;
}

/** Those that hold new work back now, each as `kind/name/fingerprint`; of an agent its name is its id. */
export async function heldBack(tx: Tx, now: Date): Promise<string[]> {
  const rows = await tx
    .selectFrom('breakers')
    .select(['kind', 'name', 'fingerprint'])
    .where('state', '<>', 'closed')
    .where('reset_at', '>', now)
    .execute();
  return rows.map(({ kind, name, fingerprint }) => `${kind}/${name}/${fingerprint}`);
}

/** Those that are not closed, the one that was opened last first. */
export async function openBreakers(tx: Tx) {
  const rows = await tx
    .selectFrom('breakers as b')
    .leftJoin('agents as a', (join) =>
      join.onRef((eb) => eb.cast('a.id', 'text'), '=', 'b.name').on('b.kind', '=', 'agent'),
    )
    .leftJoin('projects as p', 'p.id', 'a.project_id')
    .select(['b.kind', 'b.name', 'a.name as agent', 'p.name as project', 'b.fingerprint', 'b.state', 'b.failures'])
    .select(['b.reason', 'b.opened_at as openedAt', 'b.reset_at as resetAt'])
    .where('b.state', '<>', 'closed')
    .orderBy('b.opened_at', 'desc')
    .execute();
  return rows.map(({ agent, name, state, reason, openedAt, resetAt, ...row }) => ({
    ...row,
    name: agent ?? name,
    ...{ state: state as Exclude<typeof state, 'closed'>, reason: reason!, openedAt: openedAt!, resetAt: resetAt! },
  }));
}

const keyOf = (of: BreakerOf) => ({
  kind: of.kind,
  name: of.kind === 'agent' ? of.id : of.name,
  fingerprint: of.kind === 'agent' ? '' : of.fingerprint,
});

async function locked(tx: Tx, of: BreakerOf): Promise<Breaker | null> {
  const { kind, name, fingerprint } = keyOf(of);
  const row = await tx
    .selectFrom('breakers')
    .select(['state', 'failures', 'openings', 'opened_at', 'reset_at', 'reason'])
    .where('kind', '=', kind)
    .where('name', '=', name)
    .where('fingerprint', '=', fingerprint)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return null;
  const { opened_at, reset_at, ...rest } = row;
  return { ...rest, openedAtMs: opened_at?.getTime() ?? null, resetAtMs: reset_at?.getTime() ?? null };
}

async function insertClosed(tx: Tx, of: BreakerOf): Promise<void> {
  await tx
    .insertInto('breakers')
    .values({ organisation_id: of.organisationId, ...keyOf(of), ...columnsOf(CLOSED) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function write(tx: Tx, of: BreakerOf, breaker: Breaker): Promise<void> {
  const { kind, name, fingerprint } = keyOf(of);
  await tx
    .updateTable('breakers')
    .set({ ...columnsOf(breaker), changed_at: new Date() })
    .where('kind', '=', kind)
    .where('name', '=', name)
    .where('fingerprint', '=', fingerprint)
    .execute();
}

const columnsOf = ({ state, failures, openings, openedAtMs, resetAtMs, reason }: Breaker) => ({
  state,
  failures,
  openings,
  opened_at: openedAtMs === null ? null : new Date(openedAtMs),
  reset_at: resetAtMs === null ? null : new Date(resetAtMs),
  reason,
});

async function tellOpened(tx: Tx, of: BreakerOf, breaker: Breaker, isLimit: boolean): Promise<void> {
  const { reason } = breaker;
  const until = new Date(breaker.resetAtMs!).toISOString();
  const told = { until, reason, failures: breaker.failures, openings: breaker.openings };
  const briefing = `${calledOf(of)} gets no new work until ${until}: ${reason}`;
  await event(tx, of, `opened/${breaker.openedAtMs}`, 'breaker.opened', briefing, told);
  if (of.kind === 'provider' && isLimit) {
    const retryAfter = Math.ceil((breaker.resetAtMs! - breaker.openedAtMs!) / 1_000);
    const limited = { provider: of.name, retryAfter };
    await event(tx, of, `limited/${breaker.openedAtMs}`, 'system.rate.limited', `${calledOf(of)}: ${reason}`, limited);
  }
  await audit(tx, of, 'breaker.open', told);
}

async function tellClosed(tx: Tx, of: BreakerOf, before: Breaker): Promise<void> {
  const { reason } = before;
  await event(tx, of, `closed/${before.openedAtMs}`, 'breaker.closed', `${calledOf(of)} gets work again`, { reason });
  await audit(tx, of, 'breaker.close', { reason });
}

const calledOf = (of: BreakerOf): string =>
  of.kind === 'agent' ? `The agent ${of.name}` : `${of.name} (key ${of.fingerprint})`;

const aboutOf = (of: BreakerOf) =>
  of.kind === 'agent' ? { agent: of.name } : { provider: of.name, fingerprint: of.fingerprint };

async function event(
  tx: Tx,
  of: BreakerOf,
  turn: string,
  type: 'breaker.opened' | 'breaker.closed' | 'system.rate.limited',
  briefing: string,
  more: Readonly<Record<string, string | number | null>>,
): Promise<void> {
  const { kind, name, fingerprint } = keyOf(of);
  await appendEvent(tx, {
    organisationId: of.organisationId,
    projectId: of.kind === 'agent' ? of.projectId : null,
    key: `breaker/${kind}/${name}/${fingerprint}/${turn}`,
    type,
    actor: SYSTEM,
    briefing,
    payload: { ...aboutOf(of), ...more },
  });
}

const audit = (tx: Tx, of: BreakerOf, action: string, more: Readonly<Record<string, string | number | null>>) =>
  appendAudit(tx, {
    organisationId: of.organisationId,
    actor: SYSTEM,
    action,
    resource: `${of.kind}:${of.name}`,
    details: { ...aboutOf(of), ...more },
    outcome: 'success',
  });
