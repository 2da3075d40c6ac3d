import { onPath, run } from './run.mjs';

/** Whether packages of the system can be installed here: as root only, never with sudo. */
export const canInstallWithApt = () =>
  process.platform === 'linux' && process.getuid() === 0 && onPath('apt-get') !== undefined;

/** Gives undefined, or why the package could not be installed. */
export async function installWithApt(name, timeoutMs) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const failureOf = (argv) =>
    run(argv, { timeoutMs, env }).then(
      () => undefined,
      (error) => error.message,
    );
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', name];
  if (!(await failureOf(install))) return undefined;
  // The lists of packages may be missing or old.
  return (await failureOf(['apt-get', 'update'])) ?? (await failureOf(install));
}
