import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { ApplicationFailure } from '@temporalio/common';
import { agentPrograms } from '../../scripts/setup/agent-programs.mjs';
import { checkpointRef } from '../../src/activities/attempt/checklist.js';
import { ModelServer } from '../agents/model/model-server.js';
import { startEngine, type Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { processesWith } from '../support/processes-with.js';
import { temporalAddress } from '../support/temporal.js';

const KEYS = {
  OPENAI_API_KEY: 'sk-test-of-kills-0123456789',
  ANTHROPIC_API_KEY: 'sk-ant-test-of-kills-0123456789',
  GEMINI_API_KEY: 'gemini-test-of-kills-0123456789',
};
const PROGRAMS = ['claude', 'codex', 'gemini'] as const;
/** A worker's death is noticed by its heartbeats, which may take half a minute. */
const LONG_MS = 240_000;

const model = new ModelServer();
let engine: Engine;
let directory: string;
let victim: ChildProcess | null = null;
beforeAll(async () => {
  await model.listen();
  directory = await mkdtemp(join(tmpdir(), 'baton-victim-'));
  const program = (adapter: (typeof PROGRAMS)[number], path: string, key: string) => ({
    adapter,
    entry: {
      ...{ program: join(agentPrograms, 'node_modules', '.bin', adapter), model: 'test-model' },
      ...{ baseUrl: `${model.address}${path}`, keys: [key] },
    },
  });
  engine = await startEngine({
    environment: KEYS,
    agents: [
      { name: 'claude', roles: ['developer'], program: program('claude', '', 'ANTHROPIC_API_KEY') },
      { name: 'codex', roles: ['developer'], program: program('codex', '/v1', 'OPENAI_API_KEY') },
      { name: 'gemini', roles: ['developer'], program: program('gemini', '', 'GEMINI_API_KEY') },
    ],
  });
});
afterEach(() => killVictim());
afterAll(async () => {
  await engine.stop();
  model.close();
  await rm(directory, { recursive: true, force: true });
  expect(model.faults).toEqual([]);
});

/** Starts another worker, in a process group and on a data directory of its own; it is ready when this resolves. */
async function startVictim(): Promise<void> {
  const imports = pathToFileURL(resolve(import.meta.dirname, '../support/typescript-imports.js')).href;
  victim = spawn(
    process.execPath,
    [
      ...[
        '--disable-warning=ExperimentalWarning',
        '--import',
        imports,
        resolve(import.meta.dirname, 'session-victim.ts'),
      ],
      ...[temporalAddress(), engine.taskQueue, engine.databaseUrl, engine.root, directory],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], detached: true, env: { ...process.env, ...KEYS } },
  );
  const lines = createInterface({ input: victim.stdout! });
  await once(lines, 'line');
  lines.close();
  victim.stdout!.destroy();
}

async function killVictim(): Promise<void> {
  if (victim?.pid === undefined || victim.exitCode !== null || victim.signalCode !== null) return;
  process.kill(-victim.pid, 'SIGKILL');
  await once(victim, 'exit');
}

describe.each(PROGRAMS)('kill -9 of a worker’s process group in the middle of a session of %s', (agent) => {
  it(
    'loses no turn that was kept, and does none twice: another worker goes on with tree and conversation',
    async () => {
      let isKilled = false;
      engine.hooks.runAttempt = (request, real) => {
        // Left to the other worker until that is dead.
        if (!isKilled)
          throw ApplicationFailure.create({ message: 'not mine', nonRetryable: false, nextRetryDelay: '100ms' });
        return real(request);
      };
      await startVictim();
      model.play(
        { command: 'echo one >> work.txt' },
        { command: 'echo two >> work.txt' },
        { command: 'echo begun > begun.txt; sleep 600' },
        { say: 'never' },
      );
      const run = await engine.startRun(`workflow: killed-${agent}
steps:
  - { name: Branch, action: git.createBranch, params: { branch: 'killed/{{ run.number }}' } }
  - { name: Work, agent: ${agent}, action: code.implement, retry: 1 }
`);
      const ref = { run: { runId: run.id }, step: 'work', item: null } as Parameters<typeof checkpointRef>[0];
      // Tree and conversation of two turns are kept: the tree first, so that it is there when the conversation is.
      await eventually(async () => {
        const tree = await engine.forgeGit('show', `${checkpointRef(ref, 1)}:begun.txt`).catch(() => null);
        const archive = await conversation(run.id);
        return tree === 'begun' && (archive.match(/echo two >> work/g) ?? []).length > 0;
      }, LONG_MS);
      await killVictim();
      expect(processesWith(directory)).toEqual([]);

      model.play(
        { command: 'echo no >> work.txt' },
        { command: 'echo no >> work.txt' },
        { command: 'echo three >> work.txt' },
        { say: 'All three.' },
        { say: 'All three.' },
      );
      isKilled = true;
      expect(await engine.finished(run)).toMatchObject({ status: 'succeeded', error: null });
      expect(await engine.forgeGit('show', `killed/${run.number}:work.txt`)).toMatch(/^one\ntwo(\nthree)?$/);
      expect(Math.min(...model.asked)).toBeGreaterThanOrEqual(2);
      const attempts = await engine.record.inTx((tx) =>
        tx
          .selectFrom('attempts')
          .select(['attempt', 'status', 'session', 'executions'])
          .where('run_id', '=', run.id)
          .execute(),
      );
      const [{ session, executions }] = attempts as [(typeof attempts)[number]];
      expect(attempts).toMatchObject([{ attempt: 1, status: 'succeeded' }]);
      expect(executions).toMatchObject([
        { from: 'branch', session: null },
        { from: 'kept', session: { name: session, attempt: 1 } },
      ]);
    },
    LONG_MS,
  );
});

/** What is kept of the conversation; it is an archive of text. */
const conversation = async (runId: string): Promise<string> => {
  const chunks = await engine.record.inTx((tx) =>
    tx
      .selectFrom('artifact_chunks as c')
      .innerJoin('artifacts as a', 'a.id', 'c.artifact_id')
      .select('c.body')
      .where('a.run_id', '=', runId)
      .where('a.kind', '=', 'session')
      .orderBy('c.position')
      .execute(),
  );
  return Buffer.concat(chunks.map(({ body }) => body)).toString('latin1');
};
