import { git } from '../../src/git/git.js';
import { isRefName } from '../../src/git/ref-name.js';

const PARTS = ['a', 'feature-1', 'ü', '.a', 'a.', 'a.lock', 'a.locks', '', '@', 'a@{b', 'a..b', '-a', 'HEAD'];
const SIGNS = ['\t', '\x7f', ' ', '~', '^', ':', '?', '*', '[', ']', '\\', '{', '@', '.', "'", ';', '\u00a0'];
const NAMES = [
  ...PARTS.flatMap((part) => [part, `refs/heads/${part}`, `refs/${part}/x`]),
  ...SIGNS.map((sign) => `refs/heads/a${sign}b`),
  'refs/heads/../tags/a',
  '/refs/heads/a',
  'refs//a',
];

describe('the name of a ref', () => {
  it.each(NAMES)('is to us what it is to git: %j', async (name) => {
    const refused = await git(['check-ref-format', name], { gitDir: '/nonexistent' }).then(
      () => false,
      () => true,
    );
    expect(isRefName(name)).toBe(!refused);
  });
});
