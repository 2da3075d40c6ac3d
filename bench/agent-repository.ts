import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveAgent } from '../src/db/agents.js';
import { createLocalForge } from '../src/forge/local.js';
import type { System } from './system.js';

/** A repository that an agent works on, the agent, and its pipeline, which has the repository's name. */
export interface AgentRepository {
  readonly folder: string;
  readonly source: string;
  readonly name: string;
}

/**
 * Makes a repository, an agent that runs `program` in it, and a pipeline of one step.
 *
 * @param program JavaScript; its own time is in both figures.
 */
export async function withAgentRepository<T>(
  system: System,
  { name, files, program }: { readonly name: string; readonly files: number; readonly program: string },
  use: (repository: AgentRepository) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-agent-'));
  try {
    // The agent is another user than the one that made the folder.
    chmodSync(folder, 0o755);
    const source = makeRepository(folder, files);
    writeFileSync(join(folder, 'agent.mjs'), program);
    const forge = createLocalForge({ db: system.db, dataDirectory: system.platform.dataDirectory });
    await forge.createRepository({ principal: system.principal, projectId: system.projectId, name, source });
    await system.within((tx) =>
      saveAgent(tx, {
        organisationId: system.principal.organisationId,
        projectId: system.projectId,
        name: `${name}-editor`,
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
    await system.activate(
      `workflow: ${name}\nsteps:\n  - { name: Edit, agent: ${name}-editor, action: code.implement }\n`,
    );
    return await use({ folder, source, name });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeRepository(folder: string, files: number): string {
  const source = join(folder, 'source');
  for (let file = 0; file < files; file += 1) {
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

/** A run of its pipeline; how long its step took, in milliseconds. */
export async function batonStep(system: System, { name }: AgentRepository): Promise<number> {
  const run = await system.prepareRun(name, name);
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
export function bareStep({ folder, source }: AgentRepository, round: number): number {
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

export function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'gc.auto=0', ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...IDENTITY },
  });
}
