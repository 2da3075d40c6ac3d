import { Refusals } from '../../src/activities/refusals.js';
import { listAudit } from '../../src/db/audit-views.js';
import type { AttemptRequest } from '../../src/domain/work.js';
import { startEngine, type Engine } from '../support/engine.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: {
      'README.md': 'a demo\n',
      '.baton/repository.yaml':
        'test: { command: "true" }\ncoverage: { command: "ln -s /etc/passwd out.info", report: out.info }\n',
    },
    agents: [
      { name: 'devon', script: `write('a.txt', 'x'); done();` },
      {
        name: 'nesting',
        script: `write('inner/a.txt', 'precious'); execFileSync('git', ['init', '-q', 'inner']); done();`,
      },
      {
        name: 'greedy',
        sandbox: { diskMib: 32 },
        script: `for (let n = 0; n < 8; n++) write('big' + n, Buffer.alloc(8 * 1024 * 1024, 1)); done();`,
      },
    ],
  });
});
afterEach(() => engine.unhook());
afterAll(() => engine.stop());

const one = (agent: string): string => `
name: one
steps:
  - { name: Work, agent: ${agent}, action: code.implement, retry: 1 }
`;
const refused = async (runId: string) =>
  (
    await engine.record.inTx((tx) =>
      listAudit(tx, { resource: `run:${runId}`, outcome: 'denied', cursor: undefined, limit: 200 }),
    )
  ).items.toReversed();

/** Runs an attempt that ends well, and gives the request of it. */
async function attempted(): Promise<AttemptRequest> {
  let made: AttemptRequest | undefined;
  engine.hooks.runAttempt = (request, real) => {
    made = request;
    return real(request);
  };
  await engine.run(one('devon'));
  return made!;
}

const lines = (): { readonly said: string[]; readonly line: (text: string) => void } => {
  const said: string[] = [];
  return { said, line: (text) => void said.push(text) };
};

describe('what Baton refuses of an attempt', () => {
  it('is in its log and in the audit trail, with the agent as the one who was denied', async () => {
    const { id, number } = await engine.run(one('nesting'));
    expect(await refused(id)).toMatchObject([
      {
        action: 'sandbox.refuse',
        outcome: 'denied',
        actor: { kind: 'agent', name: 'nesting' },
        details: {
          run: number,
          step: 'work',
          attempt: 1,
          kind: 'result',
          code: 'nested-repository',
          what: expect.stringContaining('inner') as string,
        },
      },
    ]);
    expect(await engine.record.log(id, 'work', 'agent.log')).toMatch(/refused: .*inner/);
  });

  it('is there where a limit ended its program', async () => {
    const { id, result } = await engine.run(one('greedy'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'agent-disk-full' } });
    expect(await refused(id)).toMatchObject([
      { actor: { name: 'greedy' }, details: { kind: 'limit', what: expect.stringContaining('32 MiB') as string } },
    ]);
  });

  it('is there where a gate does not take what a command left', async () => {
    const { id } = await engine.run(one('devon').replace('retry: 1', 'retry: 1, gates: [{ coverage: 50 }]'));
    expect(await refused(id)).toMatchObject([
      { actor: { name: 'devon' }, details: { kind: 'result', what: expect.stringContaining('out.info') as string } },
    ]);
  });

  it('is there once, also when it is begun again', async () => {
    const of = await attempted();
    const log = lines();
    for (let execution = 0; execution < 2; execution++) {
      const refusals = new Refusals(engine.deps, of, log);
      for (const what of ['a.example:443', 'b.example:443', 'a.example:443'])
        refusals.note({ kind: 'network', what, details: { host: what } });
      await refusals.settled();
    }
    expect(log.said).toHaveLength(4);
    expect((await refused(of.ref.run.runId)).map(({ details }) => details['what'])).toEqual([
      'a.example:443',
      'b.example:443',
    ]);
  });

  it('are a hundred at the most, and a last one that says so', async () => {
    const of = await attempted();
    const note = async (names: readonly string[]): Promise<void> => {
      const refusals = new Refusals(engine.deps, of, lines());
      for (const what of names) refusals.note({ kind: 'network', what });
      await refusals.settled();
    };
    const names = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `h${from + n}.example:443`);
    await note(names(0, 60));
    await note(names(40, 250));
    await note(names(300, 301));
    const entries = await refused(of.ref.run.runId);
    expect(entries.slice(0, -1).map(({ details }) => details['what'])).toEqual(names(0, 100));
    expect(entries.at(-1)!.details).toEqual({
      ...{ run: of.ref.run.number, step: 'work', attempt: 1 },
      what: expect.stringContaining('More than 100 refusals') as string,
    });
  });

  it('of a permission is told as the refusal of a commit', async () => {
    const of = await attempted();
    const refusals = new Refusals(engine.deps, of, lines());
    refusals.note({ kind: 'permission', what: 'infrastructure/main.tf: never infrastructure/*\u0000' });
    await refusals.settled();
    expect(await refused(of.ref.run.runId)).toMatchObject([{ action: 'commit.refuse', outcome: 'denied' }]);
  });
});
