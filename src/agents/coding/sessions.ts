import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AGENT_HOME, type ReadOnlyBind } from '../../sandbox/policy.js';
import type { AgentContext } from '../harness.js';

const MAX_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const ARCHIVE = '.baton-session.tar';

/**
 * Archives a program's conversation; null where there is none yet. Archives are read and written inside the sandbox: what an agent left in its home is
 * nothing that Baton follows with rights of its own.
 */
export async function archiveSession(paths: readonly string[], context: AgentContext): Promise<Buffer | null> {
  const there = paths.filter((path) => existsSync(join(context.policy.home, path)));
  if (there.length === 0) return null;
  const chunks: Buffer[] = [];
  const result = await context.execute(
    {
      argv: ['tar', '-cf', '-', '-C', homeInside(context), '--', ...there],
      timeoutMs: TIMEOUT_MS,
      maxOutputBytes: 0,
      maxStreamedBytes: MAX_BYTES,
      onOutput: (stream, chunk) => {
        if (stream === 'stdout') chunks.push(chunk);
      },
    },
    context.policy,
  );
  // 1: a file changed while it was read, as one does that is written to; what is there of it is good.
  if (result.outcome === 'exited' && result.exitCode !== null && result.exitCode <= 1) return Buffer.concat(chunks);
  context.log(`the conversation could not be kept (${result.outcome}): ${result.tail}`);
  return null;
}

/**
 * Lays the conversation's files out in the program's home; false where there are none.
 *
 * @param mend a command that makes them such as the program takes them up.
 */
export async function restoreSession(
  context: AgentContext,
  mend: readonly string[],
  binds: readonly ReadOnlyBind[],
): Promise<boolean> {
  const archive = await context.session.open();
  if (archive === null) return false;
  await writeFile(join(context.policy.home, ARCHIVE), archive);
  const { outcome, exitCode, tail } = await context.execute(
    {
      argv: ['sh', '-c', `cd "$HOME" && tar -xf ${ARCHIVE} && rm ${ARCHIVE} && "$@"`, 'sh', ...mend],
      timeoutMs: TIMEOUT_MS,
      maxOutputBytes: 0,
    },
    { ...context.policy, readOnly: [...(context.policy.readOnly ?? []), ...binds] },
  );
  if (outcome === 'exited' && exitCode === 0) return true;
  context.log(`the conversation could not be laid out again (${outcome}): ${tail}`);
  return false;
}

const homeInside = ({ isolation, policy }: AgentContext): string => (isolation === 'off' ? policy.home : AGENT_HOME);
