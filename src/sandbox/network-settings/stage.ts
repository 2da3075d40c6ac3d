import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Isolation } from '../execute.js';
import type { ReadOnlyBind } from '../policy.js';
import { removeTree } from '../remove-tree.js';
import { NETWORK_FOLDER, type NetworkSettings } from './settings.js';

/** What a command is run with, so that it has the worker's network settings. */
export interface StagedSettings {
  readonly env: Readonly<Record<string, string>>;
  readonly readOnly: readonly ReadOnlyBind[];
}

/**
 * Lays out the files of network settings while a command runs. Without a sandbox there are no mounts: variables then lead to
 * the files themselves, and those that a tool looks for at a place of its own are not there.
 */
export async function withStagedSettings<T>(
  { env, files }: NetworkSettings,
  { folder, isolation }: { readonly folder: string; readonly isolation: Isolation },
  run: (staged: StagedSettings) => Promise<T>,
): Promise<T> {
  if (files.length === 0) return run({ env, readOnly: [] });
  const root = join(folder, randomUUID());
  try {
    for (const { target, content } of files) {
      const path = join(root, target);
      await mkdir(dirname(path), { recursive: true, mode: 0o755 });
      await writeFile(path, content, { mode: 0o644 });
    }
    const own = files.some(({ target }) => target.startsWith(`${NETWORK_FOLDER}/`));
    const elsewhere = files.filter(({ target }) => !target.startsWith(`${NETWORK_FOLDER}/`));
    const readOnly = [...(own ? [NETWORK_FOLDER] : []), ...elsewhere.map(({ target }) => target)].map((target) => ({
      source: join(root, target),
      target,
    }));
    if (isolation !== 'off') return await run({ env, readOnly });
    const onHost = Object.entries(env).map(([name, value]) => [
      name,
      value.replaceAll(NETWORK_FOLDER, join(root, NETWORK_FOLDER)),
    ]);
    return await run({ env: Object.fromEntries(onHost) as Record<string, string>, readOnly: [] });
  } finally {
    await removeTree(root);
  }
}
