import { execFileSync } from 'node:child_process';

const NOBODY = 65_534;

/** Does something as a user who owns `folder` and is not root: what modes forbid is forbidden. */
export async function asOrdinaryUser<T>(folder: string, act: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return act();
  execFileSync('chown', ['-hR', `${NOBODY}:${NOBODY}`, folder]);
  process.setegid!(NOBODY);
  process.seteuid!(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
  }
}
