import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from './find-program.js';

/** The Node that Baton runs on, and the npm of the worker's PATH (null: none, or one that is not npm's own package). */
export interface Toolchain {
  readonly node: string;
  readonly npmPackage: string | null;
}

/** Where both lie inside the sandbox. */
export const TOOLCHAIN_ROOT = '/opt/node';

let found: Toolchain | undefined;

export function findToolchain(): Toolchain {
  return (found ??= { node: realpathSync(process.execPath), npmPackage: findNpmPackage() });
}

/** Lays out `bin/{node,npm,npx}` as an installed Node has it: npm finds itself by its links. */
export function toolchainArguments({ node, npmPackage }: Toolchain): string[] {
  const bin = `${TOOLCHAIN_ROOT}/bin`;
  const npmTarget = `${TOOLCHAIN_ROOT}/lib/node_modules/npm`;
  const folders = ['/opt', TOOLCHAIN_ROOT, bin].flatMap((path) => ['--perms', '0755', '--dir', path]);
  const nodeArguments = [...folders, '--ro-bind', node, `${bin}/node`];
  if (!npmPackage) return nodeArguments;

  const npmFolders = [`${TOOLCHAIN_ROOT}/lib`, `${TOOLCHAIN_ROOT}/lib/node_modules`].flatMap((path) => [
    ...['--perms', '0755', '--dir', path],
  ]);
  const links = ['npm', 'npx'].flatMap((name) => [
    ...['--symlink', `../lib/node_modules/npm/bin/${name}-cli.js`, `${bin}/${name}`],
  ]);
  return [...nodeArguments, ...npmFolders, '--ro-bind', npmPackage, npmTarget, ...links];
}

// `npm` on PATH is a link to npm/bin/npm-cli.js, with nvm, a distribution's package and the official archive alike.
function findNpmPackage(): string | null {
  const npm = findProgram('npm');
  if (!npm) return null;
  const root = dirname(dirname(realpathSync(npm)));
  try {
    const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name?: string };
    return name === 'npm' ? root : null;
  } catch {
    return null;
  }
}
