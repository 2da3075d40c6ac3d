import { RunningPlatform, type WireEvent } from './running-platform.js';

interface Run {
  readonly status: string;
  readonly branch: string;
}

interface Approval {
  readonly id: string;
  readonly status: string;
  readonly decisions: readonly unknown[];
}

export const MINUTES = 60_000;

export const openApproval = async (platform: RunningPlatform): Promise<Approval> =>
  (await platform.read<{ items: Approval[] }>('/approvals?status=open')).items[0]!;

/** Decides with one key until an answer comes, as a person with a bad connection would. */
async function decide(platform: RunningPlatform, key: string): Promise<void> {
  const { id } = await openApproval(platform);
  await platform.until('the decision to be answered', async () => {
    const body = { decision: 'approve', note: 'fine' };
    const response = await platform.request(`/approvals/${id}/decision`, { body, key }).catch(() => null);
    return response?.ok ?? false;
  });
}

/** In the middle of an agent's step; with a commit made and its gates to run; with people to be asked. */
const PLACES: readonly ((event: WireEvent) => boolean)[] = [
  ({ type, payload }) => type === 'agent.started' && payload['step'] === 'implement',
  ({ type, payload }) => type === 'agent.commit' && payload['step'] === 'write-tests' && payload['attempt'] === 2,
  ({ type }) => type === 'approval.requested',
];

/** kill -9 of one process at three places of the demo's run: it comes back by itself, and each thing is done once. */
export function survivesKills(name: 'worker' | 'api' | 'postgres' | 'temporal'): void {
  afterEach(() => RunningPlatform.removeAll(), MINUTES);

  it(
    `kill -9 of the ${name} at three places: it comes back, and the run ends the same, each thing done once`,
    async () => {
      const platform = await RunningPlatform.start();
      const places = [...PLACES];
      const types: string[] = [];
      for await (const event of platform.events(1)) {
        types.push(event.type);
        if (places[0]?.(event)) {
          places.shift();
          await platform.killAndAwait(name);
        }
        if (event.type === 'approval.requested') await decide(platform, 'the-decision');
      }

      expect(places).toHaveLength(0);
      const run = await platform.read<Run>('/runs/1');
      expect(run.status).toBe('succeeded');
      expect(await platform.git('textkit', 'log', '--format=%s', 'main')).toBe(
        'feat: Add truncate() for text that does not fit (#2)\ntextkit 1.2.0',
      );
      expect(await platform.git('textkit', 'log', '--format=%s', run.branch)).toBe(
        [
          'Write tests: Add truncate() for text that does not fit (#1)',
          'Implement: Add truncate() for text that does not fit (#1)',
          'textkit 1.2.0',
        ].join('\n'),
      );
      expect((await platform.read<{ items: unknown[] }>('/repositories/textkit/pull-requests')).items).toHaveLength(1);
      expect(types.filter((type) => type === 'agent.commit')).toHaveLength(3);
      expect(types.filter((type) => type === 'approval.decided')).toHaveLength(1);
    },
    4 * MINUTES,
  );
}
