import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { findProgram } from '../../sandbox/find-program.js';
import type { ReadOnlyBind } from '../../sandbox/policy.js';

/** Where programs lie inside the sandbox. */
const PROGRAMS_INSIDE = '/opt/programs';

/** A program of the host, and how it is shown inside. */
export interface Installed {
  /** Inside. */
  readonly path: string;
  readonly bind: ReadOnlyBind | null;
  readonly hostPath: string;
}

/**
 * Finds a program by its command or its path, null when it is not there. One that npm installed is shown with the
 * packages beside it, which it may need; any other with the folder that it lies in; one of the system is there already.
 */
export function findInstalled(command: string, searched = process.env['PATH'] ?? ''): Installed | null {
  const found = command.startsWith('/') ? (existsSync(command) ? command : null) : findProgram(command, searched);
  if (found === null) return null;
  const hostPath = realpathSync(found);
  if (hostPath.startsWith('/usr/')) return { path: hostPath, bind: null, hostPath };
  const source = packagesOf(hostPath) ?? dirname(hostPath);
  const target = join(PROGRAMS_INSIDE, source.endsWith('node_modules') ? 'node_modules' : '');
  return { path: join(target, relative(source, hostPath)), bind: { source, target }, hostPath };
}

/** The outermost `node_modules` that a file lies in. */
function packagesOf(path: string): string | null {
  const parts = path.split(sep);
  const at = parts.indexOf('node_modules');
  return at === -1 ? null : parts.slice(0, at + 1).join(sep);
}
