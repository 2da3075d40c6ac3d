import { askBreaker, openBreakers, tellBreaker, type BreakerOf } from '../../src/db/breakers.js';
import { withOrganisation } from '../../src/db/connection.js';
import { OPENS_AFTER_FAILURES, type BreakerFact } from '../../src/domain/breaker.js';
import { createRecord, type TestRecord } from '../api/record.js';

let record: TestRecord;
let agentId: string;
beforeAll(async () => {
  record = await createRecord();
  agentId = await record.inTx(async (tx) => {
    const row = await tx
      .insertInto('agents')
      .values({
        organisation_id: record.organisationId,
        project_id: record.projectId,
        name: 'devon',
        type: 'codex',
        kind: 'LLM',
        adapter: 'command',
        roles: [],
        entry: '{}',
        risk_level: 'AUTO',
        owner_id: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  });
});
afterAll(() => record.close());

const T0 = Date.UTC(2026, 0, 1);
const at = (seconds: number): Date => new Date(T0 + seconds * 1_000);
const key = (name: string, fingerprint = '3fa9c1'): BreakerOf => ({
  kind: 'provider',
  organisationId: record.organisationId,
  name,
  fingerprint,
});
const ask = (of: BreakerOf, seconds: number) => record.inTx((tx) => askBreaker(tx, of, at(seconds)));
const tell = (of: BreakerOf, fact: BreakerFact, seconds: number) =>
  record.inTx((tx) => tellBreaker(tx, of, fact, at(seconds)));
const limited = (seconds: number): BreakerFact => ({
  kind: 'limited',
  resetAtMs: at(seconds).getTime(),
  reason: 'the quota is used up',
});
const told = async (about: string) => {
  const events = await record.inTx((tx) =>
    tx
      .selectFrom('events')
      .select(['type', 'payload', 'briefing', 'project_id'])
      .where('key', 'like', `breaker/${about}/%`)
      .orderBy('id')
      .execute(),
  );
  const audit = await record.inTx((tx) =>
    tx
      .selectFrom('audit')
      .select(['action', 'details'])
      .where('resource', '=', about.replace('/', ':'))
      .orderBy('id')
      .execute(),
  );
  return { events, audit };
};

describe('the breaker of a provider’s key', () => {
  it('stops new work there and nowhere else, and is an event and an audit entry when it opens and closes', async () => {
    const of = key('anthropic');
    expect((await ask(of, 0)).kind).toBe('go');
    await tell(of, limited(90), 0);
    expect(await ask(of, 1)).toMatchObject({ kind: 'wait', untilMs: at(90).getTime(), reason: 'the quota is used up' });
    expect((await ask(key('openai'), 1)).kind).toBe('go');
    expect((await ask(key('anthropic', 'other'), 1)).kind).toBe('go');
    expect(await record.inTx(openBreakers)).toMatchObject([
      { kind: 'provider', name: 'anthropic', fingerprint: '3fa9c1', state: 'open', resetAt: at(90) },
    ]);

    expect((await ask(of, 90)).kind).toBe('go');
    await tell(of, { kind: 'succeeded' }, 91);
    expect((await ask(of, 92)).kind).toBe('go');
    expect(await record.inTx(openBreakers)).toEqual([]);
    const { events, audit } = await told('provider/anthropic');
    expect(events).toMatchObject([
      {
        type: 'breaker.opened',
        briefing: 'anthropic (key 3fa9c1) gets no new work until 2026-01-01T00:01:30.000Z: the quota is used up',
        payload: { provider: 'anthropic', fingerprint: '3fa9c1', openings: 1 },
        project_id: null,
      },
      { type: 'system.rate.limited', payload: { provider: 'anthropic', retryAfter: 90 } },
      { type: 'breaker.closed', payload: { provider: 'anthropic' } },
    ]);
    expect(audit.map(({ action }) => action)).toEqual(['breaker.open', 'breaker.close']);
  });

  it('lets one of many through who ask at once past its time', async () => {
    const of = key('gemini');
    await tell(of, limited(10), 0);
    const asked = await Promise.all(Array.from({ length: 12 }, () => ask(of, 11)));
    expect(asked.filter(({ kind }) => kind === 'go')).toHaveLength(1);
  });

  it('opens once for many who meet the limit at once', async () => {
    const of = key('mistral');
    await Promise.all(Array.from({ length: 12 }, () => tell(of, limited(60), 0)));
    expect((await told('provider/mistral')).audit).toHaveLength(1);
  });

  it('is that of one organisation: the same key elsewhere goes on', async () => {
    const organisationId = await record.createOrganisation('elsewhere');
    const of = key('shared');
    await tell(of, limited(60), 0);
    const theirs = { ...of, organisationId };
    const passage = await withOrganisation(record.db, organisationId, (tx) => askBreaker(tx, theirs, at(1)));
    expect(passage.kind).toBe('go');
    expect((await ask(of, 1)).kind).toBe('wait');
  });
});

describe('the breaker of an agent', () => {
  it('opens when it fails again and again, counting all that fail at once, and closes with its first success', async () => {
    const of: BreakerOf = {
      kind: 'agent',
      organisationId: record.organisationId,
      id: agentId,
      name: 'devon',
      projectId: record.projectId,
    };
    await tell(of, { kind: 'succeeded' }, 0);
    const failures = Array.from({ length: OPENS_AFTER_FAILURES }, () =>
      tell(of, { kind: 'failed', reason: 'it crashed' }, 1),
    );
    await Promise.all(failures);
    expect(await ask(of, 2)).toMatchObject({ kind: 'wait', reason: 'it crashed' });
    expect(await record.inTx(openBreakers)).toContainEqual(
      expect.objectContaining({ kind: 'agent', name: 'devon', failures: OPENS_AFTER_FAILURES }),
    );
    await ask(of, 61);
    await tell(of, { kind: 'succeeded' }, 62);
    const { events } = await told(`agent/${agentId}`);
    expect(events).toMatchObject([
      { type: 'breaker.opened', payload: { agent: 'devon', reason: 'it crashed' }, project_id: record.projectId },
      { type: 'breaker.closed', payload: { agent: 'devon' } },
    ]);
  });
});
