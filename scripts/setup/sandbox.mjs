import { canInstallWithApt, installWithApt } from './apt.mjs';
import { onPath, run } from './run.mjs';

const aptTimeoutMs = 3 * 60_000;
const probeTimeoutMs = 30_000;
const without = 'agents cannot run until it does, unless BATON_SANDBOX=off is set';

/**
 * bubblewrap, which keeps agents away from the machine. Its absence does not end the set-up: the start says so itself,
 * and the platform runs without where BATON_SANDBOX=off allows it. Never sudo: only root's own apt-get is used.
 */
export async function ensureSandbox({ announce }) {
  if (process.env.BATON_SANDBOX === 'off') return 'off (BATON_SANDBOX=off)';
  if (process.platform !== 'linux') return `MISSING: bubblewrap needs Linux; ${without}`;
  if (!onPath('bwrap')) {
    if (!canInstallWithApt()) {
      return `MISSING: install bubblewrap (Debian, Ubuntu: sudo apt-get install bubblewrap); ${without}`;
    }
    announce('installing bubblewrap with apt-get, as root');
    const failure = await installWithApt('bubblewrap', aptTimeoutMs);
    if (failure) return `MISSING: ${failure}; install bubblewrap; ${without}`;
  }
  const failure = await failureOf(['bwrap', ...namespaces(), '--ro-bind', '/', '/', '--proc', '/proc', 'true']);
  return failure
    ? `MISSING: bwrap does not run here (${failure.split('\n').at(-1)}); allow user namespaces ` +
        `(sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0); ${without}`
    : onPath('bwrap');
}

/** Root needs no user namespace of its own, and some containers refuse one. */
const namespaces = () => [
  ...(process.getuid() === 0 ? [] : ['--unshare-user']),
  ...['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--die-with-parent'],
];

const failureOf = (argv) =>
  run(argv, { timeoutMs: probeTimeoutMs }).then(
    () => undefined,
    (error) => error.message,
  );
