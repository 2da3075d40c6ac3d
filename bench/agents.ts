import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetchClone, openClone, resolveCommit } from '../src/git/clone.js';
import { snapshotWorktree } from '../src/git/commit.js';
import { createRedactor } from '../src/telemetry/redact.js';
import { addWorktree } from '../src/git/worktree.js';
import { bareStep, batonStep, git, withAgentRepository, type AgentRepository } from './agent-repository.js';
import { absolute, compare, median, type Measurement } from './measure.js';
import type { System } from './system.js';

const ROUNDS = 9;
const SMALL = 200;
const LARGE = 10_000;
const AT_ONCE = 20;
const WORK_MS = 30_000;
const LOOK_EVERY_MS = 500;
const DONE = `console.log(JSON.stringify({ type: 'result', summary: 'edited' }));\n`;
const EDITS = `import { writeFileSync } from 'node:fs';
writeFileSync('edited.txt', String(process.pid) + process.hrtime.bigint());
${DONE}`;
const WORKS = `import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
writeFileSync('edited.txt', String(process.pid) + process.hrtime.bigint());
for (let said = 0; said < ${WORK_MS / 1_000}; said += 1) {
  console.log(JSON.stringify({ type: 'log', message: 'at work' }));
  await sleep(1_000);
}
${DONE}`;

/** What an agent's step costs beside the agent: time, the keeping of its work, and a worker that has many at once. */
export async function agents(system: System): Promise<Measurement[]> {
  return [...(await oneStep(system)), ...(await snapshots(system)), ...(await manyAtOnce(system))];
}

const oneStep = (system: System): Promise<Measurement[]> =>
  withAgentRepository(system, { name: 'small', files: SMALL, program: EDITS }, async (repository) => {
    const batonMs: number[] = [];
    const bareMs: number[] = [];
    const programMs: number[] = [];
    for (let round = -1; round < ROUNDS; round += 1) {
      const measured = [bareStep(repository, round), await batonStep(system, repository), programAlone(repository)];
      if (round < 0) continue;
      bareMs.push(measured[0]!);
      batonMs.push(measured[1]!);
      programMs.push(measured[2]!);
    }
    const own = median(batonMs) - median(programMs);
    return [
      compare("agent's step, median", 'ms', median(batonMs), median(bareMs), {
        text: 'at most 2 times',
        holds: (ratio) => ratio <= 2,
      }),
      absolute('of it not the program', 'ms', own, { text: 'under 1.5 s', holds: (value) => value < 1_500 }),
    ];
  });

function programAlone({ folder }: AgentRepository): number {
  const startedAt = performance.now();
  execFileSync(process.execPath, [join(folder, 'agent.mjs')], { cwd: folder, stdio: 'ignore' });
  return performance.now() - startedAt;
}

/** Keeping the tree of an agent at work, against the same three commands of git by hand. */
const snapshots = (system: System): Promise<Measurement[]> =>
  withAgentRepository(system, { name: 'wide', files: LARGE, program: EDITS }, async ({ folder, source }) => {
    const clone = await openClone(join(folder, 'clones'), 'wide', source);
    await fetchClone(clone);
    const commit = (await resolveCommit(clone, 'refs/remotes/origin/main'))!;
    const worktree = await addWorktree(clone, { name: 'wip', path: join(folder, 'wip'), commit });
    const path = join(folder, 'by-hand');
    git(source, 'worktree', 'add', '-q', '--detach', path, 'main');
    const holdsSecret = createRedactor(['sk-of-a-worker-that-has-one']).holds;
    const facts = {
      message: 'kept',
      trailers: {},
      author: { name: 'b', email: 'b@b' },
      dateMs: 0,
      parent: commit,
      holdsSecret,
    };
    const batonMs: number[] = [];
    const bareMs: number[] = [];
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const root of [worktree.path, path]) {
        mkdirSync(join(root, 'new'), { recursive: true });
        writeFileSync(join(root, 'new', `${round}.txt`), 'written');
      }
      const startedAt = performance.now();
      await snapshotWorktree(clone, worktree, facts);
      const kept = performance.now();
      git(path, 'add', '-A');
      git(path, 'commit', '-q', '-m', 'kept');
      const byHand = performance.now();
      if (round < 0) continue;
      batonMs.push(kept - startedAt);
      bareMs.push(byHand - kept);
    }
    return [
      compare('work in progress kept, 10,000 files, median', 'ms', median(batonMs), median(bareMs), {
        text: 'under 100 ms',
        holds: (_ratio, value) => value < 100,
      }),
    ];
  });

const manyAtOnce = (system: System): Promise<Measurement[]> =>
  withAgentRepository(system, { name: 'busy', files: SMALL, program: WORKS }, async (repository) => {
    // The clone is there, and the code is warm.
    await batonStep(system, repository);
    const idleMb = await leastMb(system);
    const since = new Date();
    const runs = await Promise.all(
      Array.from({ length: AT_ONCE }, async () => (await system.prepareRun(repository.name, repository.name)).start()),
    );
    const over = Promise.all(runs.map((run) => run.result()));
    while ((await atWork(system)) < AT_ONCE) await sleep(LOOK_EVERY_MS);
    const busyMb = await leastMb(system);
    await over;
    return [
      absolute(`worker, per agent at work (${AT_ONCE} at once)`, 'MB', (busyMb - idleMb) / AT_ONCE, {
        text: 'under 20 MB',
        holds: (value) => value < 20,
      }),
      absolute('activities begun again, heartbeats missed', '', await begunAgain(system, since), {
        text: 'none',
        holds: (value) => value === 0,
      }),
    ];
  });

const atWork = (system: System): Promise<number> =>
  system.within(async (tx) => {
    const { count } = await tx
      .selectFrom('attempts')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('status', '=', 'running')
      .executeTakeFirstOrThrow();
    return Number(count);
  });

/** Garbage comes and goes. */
async function leastMb(system: System): Promise<number> {
  let least = Infinity;
  for (let look = 0; look < 10; look += 1) {
    await sleep(LOOK_EVERY_MS);
    least = Math.min(least, system.residentMb(['worker']));
  }
  return least;
}

/** Of all workflows since then: what Temporal gave up waiting for, or gave out a second time. */
async function begunAgain(system: System, since: Date): Promise<number> {
  let count = 0;
  for await (const { workflowId } of system.client.workflow.list({ query: `StartTime > '${since.toISOString()}'` })) {
    const { events } = await system.client.workflow.getHandle(workflowId).fetchHistory();
    for (const {
      activityTaskTimedOutEventAttributes: timedOut,
      activityTaskStartedEventAttributes: started,
    } of events ?? [])
      if (timedOut || (started?.attempt ?? 1) > 1) count += 1;
  }
  return count;
}
