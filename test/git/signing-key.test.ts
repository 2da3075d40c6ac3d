import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSigningKey } from '../../src/git/signing-key.js';

const folder = mkdtempSync(join(tmpdir(), 'baton-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const makeKey = (type: string, passphrase = ''): string => {
  const path = join(folder, `${type}${passphrase.length}`);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'baton', '-f', path]);
  return path;
};
const file = (text: string, mode = 0o600): string => {
  const path = join(folder, 'other');
  writeFileSync(path, text, { mode });
  return path;
};

describe('openSigningKey', () => {
  it('takes an Ed25519 key without a passphrase', async () => {
    const path = makeKey('ed25519');
    expect(await openSigningKey(path)).toEqual({ path: realpathSync(path) });
    chmodSync(path, 0o644);
    await expect(openSigningKey(path)).rejects.toThrow(/other users can read: run chmod 600/);
  });

  it.each([
    ['no path', () => undefined, /is not set/],
    ['a path that is not there', () => join(folder, 'nowhere'), /cannot be read \(ENOENT\)/],
    ['a folder', () => folder, /cannot be read \(EISDIR\)|other users/],
    ['a key with a passphrase', () => makeKey('ed25519', 'secret words'), /passphrase/],
    ['a key of another type', () => makeKey('ecdsa'), /ecdsa-sha2-nistp256: use an Ed25519 key/],
    ['a text', () => file('no key\n'), /no private key of OpenSSH/],
    [
      'half a key',
      () => file('-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n'),
      /no private key of OpenSSH/,
    ],
    ['a large file', () => file('x'.repeat(100_000)), /no private key of OpenSSH/],
  ])('refuses %s, and says what to do without the path', async (_what, make, says) => {
    const refused = openSigningKey(make());
    await expect(refused).rejects.toMatchObject({ code: 'signing-key-unusable' });
    await expect(refused).rejects.toThrow(says);
    await expect(refused).rejects.not.toThrow(folder);
  });
});
