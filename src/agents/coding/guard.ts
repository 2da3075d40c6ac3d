import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programFile } from '../../sandbox/program-file.js';
import type { Isolation } from '../../sandbox/execute.js';
import type { ReadOnlyBind } from '../../sandbox/policy.js';
import type { Guard, Started } from './coding-program.js';

const PROGRAMS = fileURLToPath(new URL('./programs', import.meta.url));
const PROGRAMS_INSIDE = '/opt/guards';
const FOLDER_INSIDE = '/opt/guard';

/** What a program finds that it cannot change. */
export interface GuardFolder {
  readonly inside: Pick<Guard, 'folder' | 'programs'>;
  readonly binds: readonly ReadOnlyBind[];
  /** A folder of the host with nothing in it. */
  readonly empty: string;
  /** A file of the host with nothing in it. */
  readonly emptyFile: string;
  /** A program of Baton's own that lies there, as a command. */
  command(name: string, node: string, ...args: readonly string[]): readonly string[];
  write(files: NonNullable<Started['guarded']>): Promise<void>;
}

/** Lends a folder that is read-only inside the sandbox, beside Baton's own programs. */
export async function withGuard<T>(isolation: Isolation, use: (guard: GuardFolder) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-guard-'));
  // The agent's uid is another.
  await chmod(folder, 0o755);
  const empty = join(folder, 'empty');
  await mkdir(empty, { mode: 0o755 });
  const emptyFile = join(folder, 'empty-file');
  await writeFile(emptyFile, '', { mode: 0o644 });
  const inside =
    isolation === 'off' ? { folder, programs: PROGRAMS } : { folder: FOLDER_INSIDE, programs: PROGRAMS_INSIDE };
  try {
    return await use({
      empty,
      emptyFile,
      inside,
      command: (name, node, ...args) => [node, `${inside.programs}/${programFile(PROGRAMS, name)}`, ...args],
      binds: [
        { source: folder, target: FOLDER_INSIDE },
        { source: PROGRAMS, target: PROGRAMS_INSIDE },
      ],
      write: async (files) => {
        for (const [name, content] of Object.entries(files))
          await writeFile(join(folder, name), content, { mode: 0o644 });
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
