import { canInstallWithApt, installWithApt } from './apt.mjs';
import { onPath, run } from './run.mjs';
import { SetupError } from './step.mjs';

/** `git merge-tree --write-tree` came with it. */
const oldest = [2, 38];
const aptTimeoutMs = 3 * 60_000;

/** git, which agents' work is kept in: the one on PATH, else root's own apt-get is asked for it. */
export async function ensureGit({ announce }) {
  const found = await version();
  if (isNewEnough(found)) return found;
  const mend = `install git ${oldest.join('.')} or newer (https://git-scm.com/downloads)`;
  const missing = found === undefined ? 'git is not installed' : `git ${found} is too old`;
  if (!canInstallWithApt()) throw new SetupError(`${missing}; ${mend} and start again.`);

  announce('installing git with apt-get, as root');
  const failure = await installWithApt('git', aptTimeoutMs);
  if (failure) throw new SetupError(`${missing}, and ${failure.split('\n')[0]}; ${mend} and start again.`);
  const installed = await version();
  if (isNewEnough(installed)) return `${installed}, installed with apt-get`;
  throw new SetupError(`${missing}, and apt-get has ${installed ?? 'none'} only; ${mend} and start again.`);
}

async function version() {
  if (!onPath('git')) return undefined;
  const said = await run(['git', '--version'], { timeoutMs: 10_000 });
  return /\d+\.\d+(\.\d+)?/.exec(said)?.[0];
}

function isNewEnough(found) {
  const [major, minor] = (found ?? '0.0').split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}
