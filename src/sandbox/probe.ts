import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from './execute.js';
import { findBubblewrap } from './find-bubblewrap.js';
import { WORKING_LIMITS } from './limits/limits.js';

export type SandboxProbe =
  | { readonly kind: 'ready'; readonly version: string }
  /** `mend` is the one sentence that mends it. */
  | { readonly kind: 'unavailable'; readonly mend: string };

const PROBE_MS = 10_000;

/** Whether a sandbox can be had here: really makes one. */
export async function probeSandbox(): Promise<SandboxProbe> {
  if (process.platform !== 'linux') {
    return { kind: 'unavailable', mend: 'The sandbox needs Linux: start a worker there, or set BATON_SANDBOX=off.' };
  }
  const bubblewrap = await findBubblewrap();
  if (!bubblewrap) return { kind: 'unavailable', mend: 'Install bubblewrap: apt-get install bubblewrap.' };

  const folder = await mkdtemp(join(tmpdir(), 'baton-probe-'));
  try {
    const { outcome, exitCode, tail } = await execute(
      { argv: ['true'], timeoutMs: PROBE_MS },
      {
        kind: 'sandbox',
        workspace: { path: folder, writable: false },
        home: folder,
        network: 'none',
        limits: { ...WORKING_LIMITS, memoryBytes: 64 * 1024 * 1024 },
      },
    );
    if (outcome === 'exited' && exitCode === 0) return { kind: 'ready', version: bubblewrap.version.join('.') };
    return { kind: 'unavailable', mend: await mendFor(tail || outcome) };
  } catch (error) {
    return { kind: 'unavailable', mend: await mendFor(error instanceof Error ? error.message : String(error)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// What distributions switch off, most common first.
const SWITCHES = [
  { setting: 'kernel.apparmor_restrict_unprivileged_userns', blocks: '1', mend: '0' },
  { setting: 'kernel.unprivileged_userns_clone', blocks: '0', mend: '1' },
  { setting: 'user.max_user_namespaces', blocks: '0', mend: '15000' },
] as const;

async function mendFor(symptom: string): Promise<string> {
  if (process.getuid?.() !== 0) {
    for (const { setting, blocks, mend } of SWITCHES) {
      if ((await readSetting(setting)) === blocks) {
        return `Allow user namespaces: sudo sysctl -w ${setting}=${mend} (and in /etc/sysctl.d to keep it).`;
      }
    }
  }
  return `bubblewrap cannot make a sandbox here (${symptom.trim()}): allow namespaces (in Docker: --security-opt seccomp=unconfined --cap-add SYS_ADMIN), or set BATON_SANDBOX=off.`;
}

async function readSetting(setting: string): Promise<string | null> {
  try {
    return (await readFile(`/proc/sys/${setting.replaceAll('.', '/')}`, 'utf8')).trim();
  } catch {
    return null;
  }
}
