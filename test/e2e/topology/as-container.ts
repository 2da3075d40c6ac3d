import { spawnSync } from 'node:child_process';

/** `USER node` of Node's own images. */
const UIDS: Readonly<Record<string, number>> = { node: 1000 };

/** Ends with the test that started it, whatever becomes of that test. */
export const diesWithUs = (argv: readonly string[]): [string, ...string[]] => [
  'setpriv',
  '--pdeathsig',
  'KILL',
  '--',
  ...argv,
];

/** The uid that stands for the image's user: where root tests, a real other one if it can read the build; else our own. */
export function uidOf(user: string, mustRead: string): number | null {
  const uid = UIDS[user];
  if (process.getuid?.() !== 0 || uid === undefined) return null;
  const [file, ...args] = asUser(uid, ['test', '-r', mustRead]);
  return spawnSync(file, args).status === 0 ? uid : null;
}

export function asUser(uid: number | null, argv: readonly string[]): [string, ...string[]] {
  if (uid === null) return diesWithUs(argv);
  const [setpriv, ...rest] = diesWithUs(argv);
  return [setpriv, '--reuid', String(uid), '--regid', String(uid), '--clear-groups', ...rest];
}
