import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { reconcileHost, type HostOptions } from '../activities/reconcile-host.js';
import { ownerBy } from '../sandbox/execution-mark.js';
import { endOrphans } from '../sandbox/orphans.js';
import { lockFileOf, lockHost, type Host } from './host-lock.js';

export interface HostsOptions extends Pick<HostOptions, 'db' | 'log'> {
  readonly workersDirectory: string;
  readonly host: Host;
  /** Called with the number of processes that were ended. */
  readonly onOrphans: (processes: number) => void;
}

/**
 * Reconciles what an earlier life of this worker left, and what workers left that are gone: a container that is made
 * anew has another name. Nobody comes back to theirs; hosts of living processes are not touched.
 */
export async function reconcileHosts({ db, log, workersDirectory, host, onOrphans }: HostsOptions): Promise<void> {
  // What still runs may write where is tidied up.
  const endLeft = async (name: string): Promise<void> =>
    onOrphans(await endOrphans(ownerBy(lockFileOf(workersDirectory, name))));
  await endLeft(host.name);
  await reconcileHost({ db, log, host: host.name, hostDirectory: host.directory });
  const entries = await readdir(workersDirectory, { withFileTypes: true });
  for (const entry of entries.filter((found) => found.isDirectory() && found.name !== host.name)) {
    const lock = lockHost(workersDirectory, entry.name);
    if (!lock) continue;
    try {
      await endLeft(entry.name);
      await reconcileHost({ db, log, host: entry.name, hostDirectory: join(workersDirectory, entry.name) });
    } catch (error) {
      log.warn({ err: error, host: entry.name }, 'the left-overs of a worker that is gone could not be looked at');
    } finally {
      lock.release();
    }
  }
}
