import { withoutCredentials } from '../../src/domain/source-address.js';

it.each([
  ['https://ada:token@example.org/a/b.git?x=1', 'https://example.org/a/b.git'],
  ['ssh://git:secret@example.org:2222/a.git', 'ssh://git@example.org:2222/a.git'],
  ['ssh://example.org/a.git', 'ssh://example.org/a.git'],
  ['/home/ada/library', '/home/ada/library'],
  ['git@example.org:a/b.git', 'git@example.org:a/b.git'],
  ['https://[broken', 'https://[broken'],
])('the address %s is kept as %s', (source, kept) => {
  expect(withoutCredentials(source)).toBe(kept);
});
