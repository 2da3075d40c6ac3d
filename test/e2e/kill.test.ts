import { connect, withOrganisation } from '../../src/db/connection.js';
import { authenticate } from '../../src/db/people.js';
import { createLocalForge } from '../../src/forge/local.js';
import { RunningPlatform, type WireEvent } from './running-platform.js';

interface Run {
  readonly id: string;
  readonly status: string;
  readonly branch: string;
}

interface Approval {
  readonly id: string;
  readonly status: string;
  readonly decisions: readonly unknown[];
}

/** In the middle of an agent's step; with a commit made and its gates to run; with people to be asked. */
const PLACES: readonly ((event: WireEvent) => boolean)[] = [
  ({ type, payload }) => type === 'agent.started' && payload['step'] === 'implement',
  ({ type, payload }) => type === 'agent.commit' && payload['step'] === 'write-tests' && payload['attempt'] === 2,
  ({ type }) => type === 'approval.requested',
];

const MINUTES = 60_000;

let platform: RunningPlatform;
afterEach(() => platform.remove(), MINUTES);

const openApproval = async (): Promise<Approval> => (await platform.read<{ items: Approval[] }>('/approvals?status=open')).items[0]!;

/** Decides with one key until an answer comes, as a person with a bad connection would. */
async function decide(approval: Approval, key: string): Promise<void> {
  await platform.until('the decision to be answered', async () => {
    const response = await platform.request(`/approvals/${approval.id}/decision`, { body: { decision: 'approve', note: 'fine' }, key }).catch(() => null);
    return response?.ok ?? false;
  });
}

describe.each(['worker', 'api', 'postgres', 'temporal'])('kill -9 of the %s', (name) => {
  it(
    'at three places: it comes back, and the run ends the same, each thing done once',
    async () => {
      platform = await RunningPlatform.start();
      const places = [...PLACES];
      const killed: number[] = [];
      const types: string[] = [];
      for await (const event of platform.events(1)) {
        types.push(event.type);
        if (places[0]?.(event)) {
          places.shift();
          const pid = platform.pidOf(name);
          process.kill(pid, 'SIGKILL');
          killed.push(pid);
          await platform.until(`another ${name}`, () => platform.pidOf(name) !== pid);
        }
        if (event.type === 'approval.requested') await decide(await openApproval(), 'the decision');
      }

      expect(new Set(killed).size).toBe(3);
      const run = await platform.read<Run>('/runs/1');
      expect(run.status).toBe('succeeded');
      expect(await platform.git('textkit', 'log', '--format=%s', 'main')).toBe('feat: Add truncate() for text that does not fit (#2)\ntextkit 1.2.0');
      expect(await platform.git('textkit', 'log', '--format=%s', run.branch)).toBe(
        'Write tests: Add truncate() for text that does not fit (#1)\nImplement: Add truncate() for text that does not fit (#1)\ntextkit 1.2.0',
      );
      expect((await platform.read<{ items: unknown[] }>('/repositories/textkit/pull-requests')).items).toHaveLength(1);
      expect(types.filter((type) => type === 'agent.commit')).toHaveLength(3);
      expect(types.filter((type) => type === 'approval.decided')).toHaveLength(1);
    },
    4 * MINUTES,
  );
});

describe('a crash', () => {
  it(
    "between the event's row and the workflow's start loses no trigger",
    async () => {
      platform = await RunningPlatform.start();
      const { databaseUrl, token } = platform.connection;
      const db = connect(databaseUrl, { maxConnections: 2 });
      try {
        const principal = (await authenticate(db, token))!;
        const inOrganisation = <T>(work: Parameters<typeof withOrganisation<T>>[2]) => withOrganisation(db, principal.organisationId, work);
        const repository = await inOrganisation((tx) => tx.selectFrom('repositories').select('id').executeTakeFirstOrThrow());
        // What the API does up to the commit, and no further.
        const forge = createLocalForge({ db, dataDirectory: platform.dataDirectory });
        const issue = { title: 'Another', body: '', acceptanceCriteria: '', labels: ['feature'], key: 'crashed' };
        const { runs } = await forge.openIssue({ principal, repositoryId: repository.id, ...issue });
        const started = () => inOrganisation((tx) => tx.selectFrom('runs').select('dispatched_at').where('id', '=', runs[0]!).executeTakeFirstOrThrow());
        expect((await started()).dispatched_at).toBeNull();

        process.kill(platform.pidOf('api'), 'SIGKILL');
        await platform.until('the run to be started', async () => (await started()).dispatched_at !== null);
        for await (const event of platform.events(runs[0]!)) expect(event).toBeDefined();
        expect((await platform.read<Run>(`/runs/${runs[0]}`)).status).toBe('failed');
      } finally {
        await db.destroy();
      }
    },
    2 * MINUTES,
  );

  it(
    'of every worker: a decision sent meanwhile is unknown, and counts once',
    async () => {
      platform = await RunningPlatform.start();
      for await (const event of platform.events(1)) if (event.type === 'approval.requested') break;
      const approval = await openApproval();
      const worker = platform.pidOf('worker');
      process.kill(worker, 'SIGSTOP');
      const send = () => platform.request(`/approvals/${approval.id}/decision`, { body: { decision: 'approve', note: 'once' }, key: 'one key' });
      for (const response of [await send(), await send()]) {
        expect(response.status).toBe(503);
        expect(await response.json()).toMatchObject({ code: 'decision-unknown' });
      }
      process.kill(worker, 'SIGCONT');
      for await (const event of platform.events(1)) expect(event).toBeDefined();

      expect((await send()).status).toBe(200);
      expect(await platform.read(`/approvals/${approval.id}`)).toMatchObject({ status: 'approved', decisions: [{ verdict: 'approve', note: 'once' }] });
    },
    2 * MINUTES,
  );
});
