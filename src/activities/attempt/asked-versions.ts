import { keepable } from '../../domain/keepable.js';
import { branchHead, type Clone } from '../../git/clone.js';
import { proposeFor } from '../../forge/repository-proposal.js';
import type { SandboxedPolicy } from '../../sandbox/policy.js';
import { meetsVersion } from '../../schema/repository/asked-version.js';
import type { AskedTool } from '../../schema/repository/tool-chains.js';
import type { ActivityDeps } from '../deps.js';
import type { RunLog } from '../run-log.js';
import type { Checkout } from '../workspace.js';

/** How each tool tells its version. */
const COMMANDS: Readonly<Record<string, string>> = {
  node: 'node --version',
  python: 'python3 --version',
  go: 'go version',
  rust: 'rustc --version',
  java: 'java -version',
};
const VERSION_MS = 20_000;
const MAX_CLONES = 200;

/** What the default branch of a clone asks for, read once for each of its commits. */
const askedAt = new Map<string, Promise<readonly AskedTool[]>>();

/** Tools that were found to be as a commit of a clone asks for. What differs is asked again: people may mend it. */
const fitting = new Set<string>();
const MAX_FITTING = 1_000;

async function askedTools(clone: Clone, head: string, key: string): Promise<readonly AskedTool[]> {
  const known = askedAt.get(key) ?? proposeFor(clone, head).then(({ tools }) => tools);
  askedAt.set(key, known);
  for (const oldest of askedAt.keys()) if (askedAt.size > MAX_CLONES) askedAt.delete(oldest);
  return known.catch((error: unknown) => {
    askedAt.delete(key);
    throw error;
  });
}

/**
 * Compares the versions of tools that a repository asks for with those that its worktree gets in the sandbox, and says in
 * the log where they differ, before an agent works.
 */
export async function tellAskedVersions(
  deps: ActivityDeps,
  checkout: Checkout,
  policy: SandboxedPolicy,
  log: Pick<RunLog, 'line'>,
): Promise<void> {
  const { clone, repository } = checkout;
  const head = await branchHead(clone, repository.defaultBranch);
  if (head === null) return;
  const key = `${clone.gitDir}\0${head}`;
  const asked = (await askedTools(clone, head, key)).filter(({ tool }) => tool in COMMANDS);
  const tools = [...new Set(asked.map(({ tool }) => tool))].filter((tool) => !fitting.has(`${key}\0${tool}`));
  for (const tool of tools) {
    const { exitCode, tail } = await deps.execute(
      { argv: ['/bin/sh', '-c', COMMANDS[tool]!], timeoutMs: VERSION_MS },
      { ...policy, network: 'none' },
    );
    const said = keepable(tail.trim().split('\n').at(-1) ?? '');
    const ofTool = asked.filter((one) => one.tool === tool);
    if (exitCode === 0 && ofTool.every(({ version }) => meetsVersion(version, said) !== false))
      fitting.add(`${key}\0${tool}`);
    for (const oldest of fitting) if (fitting.size > MAX_FITTING) fitting.delete(oldest);
    for (const { version, file } of ofTool) {
      if (exitCode !== 0)
        log.line(
          `tool chain: ${file} asks for ${tool} ${version}, and \`${COMMANDS[tool]!}\` fails: ${said}. Install it on the worker, where its PATH leads to it.`,
        );
      else if (meetsVersion(version, said) === false)
        log.line(
          `tool chain: ${file} asks for ${tool} ${version}, and sandboxes of this worker have ${said}. Install that version where the worker's PATH leads to it.`,
        );
    }
  }
}
