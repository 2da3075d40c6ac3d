import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { branchHead, fetchClone } from '../../../src/git/clone.js';
import { equipWithThrowAwayGit } from '../../../src/git/throw-away-git.js';
import { WORKING_LIMITS } from '../../../src/sandbox/limits/limits.js';
import type { Network, SandboxedPolicy } from '../../../src/sandbox/policy.js';
import { commitOf, landed, makeRoom, worktreeAt, type Room } from '../../git/git-fixture.js';
import { LONG_MS, type Bench } from './bench.js';
import type { Contract } from './contract.js';

const COMMANDS = [
  'git status',
  'git log -3 --format="subject %s"',
  'git diff --stat main...HEAD',
  'git show --stat --format="shown %s"',
  'echo made > made.txt',
  'git add made.txt',
  'git commit --quiet --message Made',
  'git log -1 --format="then %s"',
];
/** Its output lies in the home, where the test reads it. */
const SCRIPT = `{ ${COMMANDS.join(' && ')}; } > "$HOME/git.txt" 2>&1; echo "exit $?" >> "$HOME/git.txt"`;

const NETWORKS: readonly (readonly [string, Network])[] = [
  ['without network', 'none'],
  ['with a list of hosts', { allow: ['example.com:443'] }],
];

/** What its commands see of the repository: a program that works on a change can look at it. */
export function gitClauses(bench: Bench, { runs, isReal }: Contract): void {
  if (runs === null) return;
  let room: Room;
  beforeAll(async () => (room = await makeRoom()));
  afterAll(() => room.remove());

  // A real program always has a list of hosts, which holds its model.
  it.each(isReal ? NETWORKS.slice(1) : NETWORKS)(
    'lets its commands use git on the change and the default branch, %s',
    async (what, network) => {
      const name = what.replaceAll(' ', '-');
      const change = await commitOf(room, `change-${name}`, { 'src/sum.js': `// ${name}\n` });
      const commit = await landed(room, `newer-${name}`, { [`${name}.md`]: 'news\n' }, 'main', await headOfMain());
      await fetchClone(room.clone);
      const worktree = await worktreeAt(room, name, change);
      const bind = await equipWithThrowAwayGit(room.clone, worktree, { branches: [{ name: 'main', commit }] });
      const home = join(room.root, `home-${name}`);
      mkdirSync(home);
      const policy: SandboxedPolicy = {
        ...bench.room.policy,
        ...{
          network,
          home,
          workspace: { path: worktree.path, writable: true },
          readOnly: [bind],
          limits: WORKING_LIMITS,
        },
      };
      const asked = runs(SCRIPT);
      const { outcome } = await bench.ask({ ...asked, context: { ...asked.context, policy } });
      expect(outcome).toMatchObject({ kind: 'answered' });
      const seen = readFileSync(join(home, 'git.txt'), 'utf8');
      expect(seen).toMatch(/nothing to commit, working tree clean/);
      expect(seen).toMatch(/subject Change it\nsubject Begin\n src\/sum\.js \| /);
      expect(seen).toMatch(/shown Change it\n\n src\/sum\.js \| /);
      expect(seen).toMatch(/then Made\nexit 0\n$/);
    },
    LONG_MS,
  );

  const headOfMain = async (): Promise<string> => {
    await fetchClone(room.clone);
    return (await branchHead(room.clone, 'main'))!;
  };
}
