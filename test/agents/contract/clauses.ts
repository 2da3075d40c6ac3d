import { processesWith } from '../../support/processes-with.js';
import { eventually } from '../../support/eventually.js';
import type { AgentOutcome } from '../../../src/agents/harness.js';
import { doubling, LONG_MS, type Bench } from './bench.js';
import { QUESTION, type Asked, type Contract, type Failure } from './contract.js';

/** What is cancelled is over by then, with all that it started. */
const CANCEL_MS = 5_000;
/** A time that is up while it works. */
const SHORT_MS = { usual: 400, slow: 3_000 };

const failed = ({ code, retryable }: Failure): object => ({
  kind: 'failed',
  code,
  message: expect.stringMatching(/^.{10,700}$/s) as string,
  retryable: retryable ?? (expect.any(Boolean) as boolean),
});

/** What every adapter is held to. */
export function clausesOfAll(bench: Bench, contract: Contract): void {
  it.each(contract.invalid)('refuses an entry that is not its own, and says where', async (entry, pointer) => {
    await expect(bench.ask(doubling({ entry }))).rejects.toMatchObject({
      code: 'agent-entry-invalid',
      message: expect.stringContaining(`, at ${pointer}: `) as string,
    });
  });
  answers(bench, contract);
  ends(bench, contract);
  fails(bench, contract);
  asksPeople(bench, contract);
}

function answers(bench: Bench, contract: Contract): void {
  const session: unknown = contract.keepsSession ? expect.any(String) : null;
  const answer = { summary: '', findings: [], output: { doubled: 42 }, ...contract.answer, session };

  it(
    'answers in one shape, tells what it used or that it is unknown, and changes neither entry nor request',
    async () => {
      const { outcome } = await bench.answered();
      expect(outcome).toEqual({ kind: 'answered', answer, usage: contract.usage });
    },
    LONG_MS,
  );

  if (!contract.isReal)
    it('gives the same answer again to the same request', async () => {
      const { outcome } = await bench.ask(doubling(contract.doubles()));
      expect(outcome).toEqual((await bench.answered()).outcome);
    });

  const { tellsUnknown } = contract;
  if (tellsUnknown)
    it('keeps an event of no known type in its log, and it harms nothing', async () => {
      const { outcome, log, events } = await bench.ask(doubling(tellsUnknown()));
      expect(['answered', 'failed']).toContain(outcome.kind);
      expect(log).toContainEqual(expect.stringMatching(/^of no known type: .*of-tomorrow/) as string);
      expect(JSON.stringify(events)).not.toContain('of-tomorrow');
    });
}

function ends(bench: Bench, contract: Contract): void {
  it('does not begin what is cancelled', async () => {
    const asked = doubling(contract.doubles());
    const { outcome } = await bench.ask({ ...asked, context: { ...asked.context, signal: AbortSignal.abort() } });
    expect(outcome).toMatchObject({ kind: 'failed', code: 'cancelled', retryable: false });
  });

  const { endless } = contract;
  if (endless === null) return;
  const left = () => [bench.room.root, ...(endless.mark === undefined ? [] : [endless.mark])].flatMap(processesWith);
  const arranged = (context: Asked['context']): Asked => {
    const asked = doubling(endless.case());
    return { ...asked, context: { ...asked.context, ...context } };
  };

  it(
    'ends within 5 s when it is cancelled, with all that it started',
    async () => {
      const stopped = new AbortController();
      const { told, ended } = bench.begin(arranged({ signal: stopped.signal }));
      let isOver = false;
      void ended.finally(() => (isOver = true));
      await eventually(() => Promise.resolve(isOver || endless.hasBegun(told, bench)), LONG_MS);
      const atMs = performance.now();
      stopped.abort();
      expect((await ended).outcome).toMatchObject({ kind: 'failed', code: 'cancelled', retryable: false });
      expect(performance.now() - atMs).toBeLessThan(CANCEL_MS);
      expect(left()).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'ends when its time is up, with all that it started',
    async () => {
      const timeoutMs = contract.isReal ? SHORT_MS.slow : SHORT_MS.usual;
      const { outcome } = await bench.ask(arranged({ timeoutMs }));
      expect(outcome).toMatchObject({ kind: 'failed', code: 'agent-timed-out' });
      expect(left()).toEqual([]);
    },
    LONG_MS,
  );
}

function fails(bench: Bench, { fails: cases, limited }: Contract): void {
  it.each(cases)(
    'says what failed, in a sentence, where it %s',
    async (_what, failing, failure) => {
      const { outcome } = await bench.ask(doubling(failing()));
      expect(outcome).toMatchObject(failed(failure));
      expect((outcome as Extract<AgentOutcome, { kind: 'failed' }>).message).toContain(failure.says ?? '');
    },
    LONG_MS,
  );

  if (limited)
    it(
      'is held up, and has not failed, where its provider takes no more',
      async () => {
        const { outcome } = await bench.ask(doubling(limited.case()));
        const { provider, resetAtMs } = limited;
        expect(outcome).toMatchObject({
          ...{ kind: 'limited', provider: provider() },
          ...(resetAtMs !== undefined && { resetAtMs }),
        });
      },
      LONG_MS,
    );
}

function asksPeople(bench: Bench, { asks, keepsSession }: Contract): void {
  if (asks === null) return;
  it(
    'asks people in place of an answer',
    async () => {
      const session: unknown = keepsSession ? expect.any(String) : null;
      const { outcome } = await bench.ask(doubling(asks()));
      expect(outcome).toMatchObject({ kind: 'asked', question: { ...QUESTION, freeText: false, session } });
    },
    LONG_MS,
  );
}
