import { join } from 'node:path';
import { root } from './paths.mjs';
import { isExecutable, run } from './run.mjs';
import { SetupError } from './step.mjs';

const oldest = [22, 12];

/** Node ≥ 22.12 comes as an optional dependency of the platform, which npm scripts find before the host's. */
export async function ensureNode() {
  const installed = join(root, 'node_modules', '.bin', 'node');
  if (isExecutable(installed)) {
    const version = (await run([installed, '--version'], { timeoutMs: 10_000 })).trim();
    if (isNewEnough(version)) return `${version} from node_modules`;
  }
  if (isNewEnough(process.version)) return `${process.version} of this machine`;
  throw new SetupError(
    `Baton needs Node ${oldest.join('.')} or newer; this is ${process.version}, and no package holds one for ` +
      `${process.platform}-${process.arch}. Install it from https://nodejs.org and start again.`,
  );
}

function isNewEnough(version) {
  const [major, minor] = version.replace('v', '').split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}
