import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '../domain/errors.js';

/** Where each thing lies in the data directory of an embedded platform. */
export interface DataDirectory {
  readonly root: string;
  /** One file a running child, see `leftovers.ts`. */
  readonly run: string;
  readonly logs: string;
  readonly lockFile: string;
  readonly portsFile: string;
  /** How the command line finds the platform: address and key. */
  readonly batonFile: string;
  readonly temporalFile: string;
  /** An empty profile: a person's own, with its TLS and keys, is not for the embedded Temporal. */
  readonly temporalProfile: string;
  readonly postgres: string;
}

/** Makes the directory with its folders, readable by its owner only: it holds keys, passwords and people's code. */
export async function openDataDirectory(root: string): Promise<DataDirectory> {
  const directory = layoutOf(root);
  try {
    for (const path of [directory.root, directory.run, directory.logs, directory.postgres]) {
      await mkdir(path, { recursive: true, mode: 0o700 });
    }
    // It may have been there with wider rights.
    if (((await stat(root)).mode & 0o077) !== 0) await chmod(root, 0o700);
  } catch (error) {
    throw new BatonError(
      'data-directory',
      `The data directory ${root} cannot be used; set BATON_DATA_DIR to another.`,
      {
        cause: error,
        details: { root },
      },
    );
  }
  return directory;
}

/** The same places without touching the disk, for those who only read. */
export function layoutOf(root: string): DataDirectory {
  return {
    root,
    run: join(root, 'run'),
    logs: join(root, 'logs'),
    lockFile: join(root, 'platform.lock'),
    portsFile: join(root, 'ports.json'),
    batonFile: join(root, 'baton.json'),
    temporalFile: join(root, 'temporal.sqlite'),
    temporalProfile: join(root, 'temporal.toml'),
    postgres: join(root, 'postgres'),
  };
}
