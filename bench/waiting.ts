import { approvalPipeline } from './approval.js';
import { absolute, type Measurement } from './measure.js';
import type { System } from './system.js';

const RUNS = 500;
const AT_ONCE = 20;
const LOOKS = 10;
const LOOK_EVERY_MS = 500;
/** As the runs that wait, but for the waiting: what a worker keeps of runs as such does not count. */
const NOBODY_ASKED = `workflow: go
steps:
  - name: Before
    action: flow.noop
  - name: Go on
    action: flow.noop
`;

/** What runs that wait for people cost the worker in resident memory, more than as many that have ended. */
export async function waiting(system: System): Promise<Measurement[]> {
  await system.activate(approvalPipeline);
  await system.activate(NOBODY_ASKED);
  await many(async () => (await (await system.prepareRun('go')).start()).result());
  const before = await settledMb(system);
  await many(async () => (await system.prepareRun('ask')).start());
  while ((await openApprovals(system)) < RUNS) await pause();
  const after = await settledMb(system);
  return [
    absolute(`worker, ${RUNS} runs waiting for approval, more than none`, 'MB', after - before, {
      text: 'under 200 MB',
      holds: (value) => value < 200,
    }),
  ];
}

async function many(work: () => Promise<unknown>): Promise<void> {
  let left = RUNS;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        await work();
      }
    }),
  );
}

const openApprovals = (system: System): Promise<number> =>
  system.within(async (tx) => {
    const { count } = await tx
      .selectFrom('approvals')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('status', '=', 'open')
      .executeTakeFirstOrThrow();
    return Number(count);
  });

/** Garbage comes and goes; what stays is the smallest of a few looks. */
async function settledMb(system: System): Promise<number> {
  let least = Infinity;
  for (let look = 0; look < LOOKS; look += 1) {
    await pause();
    least = Math.min(least, system.residentMb(['worker']));
  }
  return least;
}

const pause = (): Promise<void> => new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
