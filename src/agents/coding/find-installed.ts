import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { findProgram } from '../../sandbox/find-program.js';
import type { ReadOnlyBind } from '../../sandbox/policy.js';

/** Where programs lie inside the sandbox. */
const PROGRAMS_INSIDE = '/opt/programs';

/** A program of the host, and how it is shown inside. */
export interface Installed {
  /** Inside. */
  readonly path: string;
  readonly binds: readonly ReadOnlyBind[];
  readonly hostPath: string;
}

/**
 * Finds a program by its command or its path, null when it is not there. One that npm installed is shown with the
 * packages beside it, which it may need; one of a Python environment with that, at its own place, for its first line names
 * it; any other with the folder that it lies in; one of the system is there already.
 */
export function findInstalled(command: string, searched = process.env['PATH'] ?? ''): Installed | null {
  const found = command.startsWith('/') ? (existsSync(command) ? command : null) : findProgram(command, searched);
  if (found === null) return null;
  const hostPath = realpathSync(found);
  if (hostPath.startsWith('/usr/')) return { path: hostPath, binds: [], hostPath };
  const environment = dirname(dirname(hostPath));
  if (existsSync(join(environment, ENVIRONMENT)))
    return { path: hostPath, binds: [environment, ...pythonOf(environment)].map(atItsPlace), hostPath };
  const source = packagesOf(hostPath) ?? dirname(hostPath);
  const target = join(PROGRAMS_INSIDE, source.endsWith('node_modules') ? 'node_modules' : '');
  return { path: join(target, relative(source, hostPath)), binds: [{ source, target }], hostPath };
}

/** Makes a folder a Python environment, and names the interpreter that it stands on (PEP 405). */
const ENVIRONMENT = 'pyvenv.cfg';

/** Where the interpreter of an environment is installed; none where that is there already. */
function pythonOf(environment: string): readonly string[] {
  const [, home] = /^home\s*=\s*(\/.+)$/m.exec(readFileSync(join(environment, ENVIRONMENT), 'utf8')) ?? [];
  if (home === undefined || !existsSync(home)) return [];
  const python = realpathSync(home.trim());
  return python.startsWith('/usr/') ? [] : [dirname(python)];
}

const atItsPlace = (folder: string): ReadOnlyBind => ({ source: folder, target: folder });

/** The outermost `node_modules` that a file lies in. */
function packagesOf(path: string): string | null {
  const parts = path.split(sep);
  const at = parts.indexOf('node_modules');
  return at === -1 ? null : parts.slice(0, at + 1).join(sep);
}
