import { connect, withOrganisation } from '../../src/db/connection.js';
import { authenticate } from '../../src/db/people.js';
import { createLocalForge } from '../../src/forge/local.js';
import { RunningPlatform } from './running-platform.js';
import { MINUTES, openApproval } from './survives-kills.js';

afterEach(() => RunningPlatform.removeAll(), MINUTES);

describe('a crash', () => {
  it(
    "between the event's row and the workflow's start loses no trigger",
    async () => {
      const platform = await RunningPlatform.start();
      const { databaseUrl, token } = platform.connection;
      const db = connect(databaseUrl, { maxConnections: 2 });
      try {
        const principal = (await authenticate(db, token))!;
        const inOrganisation = <T>(work: Parameters<typeof withOrganisation<T>>[2]) =>
          withOrganisation(db, principal.organisationId, work);
        const repository = await inOrganisation((tx) =>
          tx.selectFrom('repositories').select('id').executeTakeFirstOrThrow(),
        );
        // What the API does up to the commit, and no further.
        const forge = createLocalForge({ db, dataDirectory: platform.dataDirectory });
        const issue = { title: 'Another', body: '', acceptanceCriteria: '', labels: ['feature'], key: 'crashed' };
        const { runs } = await forge.openIssue({ principal, repositoryId: repository.id, ...issue });
        const started = () =>
          inOrganisation((tx) =>
            tx.selectFrom('runs').select('dispatched_at').where('id', '=', runs[0]!).executeTakeFirstOrThrow(),
          );
        expect((await started()).dispatched_at).toBeNull();

        await platform.killAndAwait('api');
        await platform.until('the run to be started', async () => (await started()).dispatched_at !== null);
        const types: string[] = [];
        for await (const { type } of platform.events(runs[0]!)) {
          types.push(type);
          if (type === 'approval.requested') break;
        }
        expect(types.filter((type) => type === 'workflow.started')).toHaveLength(1);
      } finally {
        await db.destroy();
      }
    },
    2 * MINUTES,
  );

  it(
    'of every worker: a decision sent meanwhile is unknown, and counts once',
    async () => {
      const platform = await RunningPlatform.start();
      for await (const event of platform.events(1)) if (event.type === 'approval.requested') break;
      const approval = await openApproval(platform);
      platform.signal('worker', 'SIGSTOP');
      const send = () =>
        platform.request(`/approvals/${approval.id}/decision`, {
          body: { decision: 'approve', note: 'once' },
          key: 'one-key',
        });
      for (const response of [await send(), await send()]) {
        expect(response.status).toBe(503);
        expect(await response.json()).toMatchObject({ code: 'decision-unknown' });
      }
      platform.signal('worker', 'SIGCONT');
      for await (const event of platform.events(1)) expect(event).toBeDefined();

      expect((await send()).status).toBe(200);
      expect(await platform.read(`/approvals/${approval.id}`)).toMatchObject({
        status: 'approved',
        decisions: [{ verdict: 'approve', note: 'once' }],
      });
    },
    2 * MINUTES,
  );

  it(
    'of the worker while an override is carried out: it counts once, and the run goes on from it',
    async () => {
      const platform = await RunningPlatform.start();
      for await (const { type, payload } of platform.events(1))
        if (type === 'agent.started' && payload['step'] === 'implement') break;
      const send = () =>
        platform
          .request('/runs/1/overrides', {
            body: { kind: 'skip', step: 'implement', reason: 'somebody did it already' },
            key: 'one-key',
          })
          .catch(() => null);
      const first = send();
      await platform.killAndAwait('worker');
      await first;
      await platform.until('the override to be answered', async () => (await send())?.ok ?? false);

      const { items } = await platform.read<{ items: unknown[] }>('/runs/1/overrides');
      expect(items).toMatchObject([{ kind: 'skip', step: { id: 'implement' }, reason: 'somebody did it already' }]);
      const cancel = { body: { kind: 'cancel', reason: 'seen enough' }, key: 'cancelled' };
      await platform.until(
        'the run to be cancelled',
        async () => (await platform.request('/runs/1/overrides', cancel)).ok,
      );
      const overrides: unknown[] = [];
      const committed: unknown[] = [];
      for await (const { type, payload } of platform.events(1)) {
        if (type === 'override') overrides.push(payload['kind']);
        if (type === 'agent.commit') committed.push(payload['step']);
      }
      expect(overrides).toEqual(['skip', 'cancel']);
      expect(committed).not.toContain('implement');
    },
    3 * MINUTES,
  );
});
