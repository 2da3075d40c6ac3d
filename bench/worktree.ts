import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveAgent } from '../src/db/agents.js';
import { createLocalForge } from '../src/forge/local.js';
import { compare, median, type Measurement } from './measure.js';
import type { System } from './system.js';

const FILES = 10_000;
const ROUNDS = 7;

const PIPELINE = `workflow: one-edit
steps:
  - name: Edit
    agent: role:developer
    action: code.implement
`;

/** The agent: writes one file. Its own time is in both figures. */
const PROGRAM = `import { writeFileSync } from 'node:fs';
writeFileSync('edited.txt', String(process.pid) + process.hrtime.bigint());
console.log(JSON.stringify({ type: 'result', summary: 'edited' }));
`;

/** One agent's step in a repository of 10,000 files, against the git commands and the program by themselves. */
export async function worktree(system: System): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-worktree-'));
  try {
    // The agent is another user than the one that made the folder.
    chmodSync(folder, 0o755);
    const source = makeRepository(folder);
    writeFileSync(join(folder, 'agent.mjs'), PROGRAM);
    const forge = createLocalForge({ db: system.db, dataDirectory: system.platform.dataDirectory });
    await forge.createRepository({ principal: system.principal, projectId: system.projectId, name: 'large', source });
    await system.within((tx) =>
      saveAgent(tx, {
        organisationId: system.principal.organisationId,
        projectId: system.projectId,
        name: 'editor',
        type: 'custom',
        kind: 'SCRIPT',
        adapter: 'command',
        roles: ['developer'],
        description: '',
        version: '1',
        riskLevel: 'AUTO',
        entry: { argv: ['node', '{directory}/agent.mjs'], directory: folder, modules: null },
        limits: {},
        ownerId: null,
        capabilities: [],
      }),
    );
    await system.activate(PIPELINE);
    const batonMs: number[] = [];
    const bareMs: number[] = [];
    // The first round makes the clone on either side.
    for (let round = -1; round < ROUNDS; round += 1) {
      const bare = bareStep(folder, source, round);
      const baton = await batonStep(system);
      if (round < 0) continue;
      bareMs.push(bare);
      batonMs.push(baton);
    }
    const aim = {
      text: 'at most 2 times, under 2 s',
      holds: (ratio: number, value: number) => ratio <= 2 && value < 2_000,
    };
    return [compare('agent step on 10,000 files, median', 'ms', median(batonMs), median(bareMs), aim)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeRepository(folder: string): string {
  const source = join(folder, 'source');
  for (let file = 0; file < FILES; file += 1) {
    const directory = join(source, `package-${file % 100}`, `module-${file % 10}`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `file-${file}.js`), `export const value${file} = ${file};\n`.repeat(10));
  }
  git(source, 'init', '-q', '-b', 'main');
  git(source, 'add', '-A');
  git(source, 'commit', '-q', '-m', 'generated');
  // As a repository of some age: packed, and with nothing left for git to tidy while it is measured.
  git(source, 'gc', '-q');
  return source;
}

async function batonStep(system: System): Promise<number> {
  const run = await system.prepareRun('one-edit', 'large');
  await (await run.start()).result();
  const step = await system.within((tx) =>
    tx
      .selectFrom('steps')
      .select(['status', 'error', 'started_at', 'ended_at'])
      .where('run_id', '=', run.id)
      .executeTakeFirstOrThrow(),
  );
  if (step.status !== 'succeeded') throw new Error(JSON.stringify(step.error));
  return step.ended_at!.getTime() - step.started_at!.getTime();
}

/** What a person would type: a worktree, the program, a commit, a push. */
function bareStep(folder: string, source: string, round: number): number {
  const clone = join(folder, 'bare.git');
  if (round < 0) git(folder, 'clone', '-q', '--bare', source, clone);
  const path = join(folder, `worktree-${round}`);
  const startedAt = performance.now();
  git(clone, 'fetch', '-q', 'origin');
  git(clone, 'worktree', 'add', '-q', '--detach', path, 'main');
  execFileSync(process.execPath, [join(folder, 'agent.mjs')], { cwd: path, stdio: 'ignore' });
  git(path, 'add', '-A');
  git(path, 'commit', '-q', '-m', 'edited');
  git(path, 'push', '-q', source, `HEAD:refs/heads/bench-${round + 1}`);
  git(clone, 'worktree', 'remove', '--force', path);
  return performance.now() - startedAt;
}

const IDENTITY = { GIT_AUTHOR_NAME: 'b', GIT_AUTHOR_EMAIL: 'b@b', GIT_COMMITTER_NAME: 'b', GIT_COMMITTER_EMAIL: 'b@b' };

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'gc.auto=0', ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...IDENTITY },
  });
}
