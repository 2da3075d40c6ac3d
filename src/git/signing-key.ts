import { mkdtemp, open, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatonError } from '../domain/errors.js';

/** Variable of the worker's environment that holds the path of its SSH key for signing commits. */
export const SIGNING_KEY_VARIABLE = 'BATON_COMMIT_SIGNING_KEY_FILE';

/** A private key with which commits can be signed, found usable. */
export interface SigningKey {
  readonly path: string;
}

const MAX_BYTES = 64 * 1024;
const OTHERS = 0o077;

/**
 * The key at a path, once it is known to be usable. Errors name the variable and not the path: they are kept in the record.
 * @throws BatonError `signing-key-unusable`.
 */
export async function openSigningKey(path: string | undefined): Promise<SigningKey> {
  if (path === undefined || path === '')
    throw unusable(`is not set: let it name a file with an Ed25519 key, made by ssh-keygen -t ed25519 -N ''`);
  const { text, mode } = await readKey(path);
  if ((mode & OTHERS) !== 0) throw unusable('names a file that other users can read: run chmod 600 on it');
  const key = parseOpenSshKey(text);
  if (!key) throw unusable('names a file that is no private key of OpenSSH');
  if (key.cipher !== 'none')
    throw unusable('names a key with a passphrase, which nobody is there to type: use a key without one');
  // Only such a signature is the same at every retry.
  if (key.type !== 'ssh-ed25519') throw unusable(`names a key of the type ${key.type}: use an Ed25519 key`);
  return { path: await realpath(path) };
}

async function readKey(path: string): Promise<{ readonly text: string; readonly mode: number }> {
  try {
    await using file = await open(path);
    const { mode, size } = await file.stat();
    if (size > MAX_BYTES) throw unusable('names a file that is no private key of OpenSSH');
    return { text: await file.readFile('utf8'), mode };
  } catch (error) {
    if (error instanceof BatonError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw unusable(`names a file that cannot be read (${code}): check the path, and that the worker's user owns it`);
  }
}

const unusable = (why: string): BatonError =>
  new BatonError(
    'signing-key-unusable',
    `Nothing was merged: this repository's commits are to be signed (commits.sign), and ${SIGNING_KEY_VARIABLE} of the worker ${why}.`,
  );

/** Cipher and type of a key, as its unencrypted head says (openssh/PROTOCOL.key); null: it is none. */
function parseOpenSshKey(text: string): { readonly cipher: string; readonly type: string } | null {
  const [, body] =
    /^-----BEGIN OPENSSH PRIVATE KEY-----\n([\s\S]+?)-----END OPENSSH PRIVATE KEY-----/.exec(
      text.replaceAll('\r', ''),
    ) ?? [];
  const data = Buffer.from(body ?? '', 'base64');
  const magic = 'openssh-key-v1\0';
  if (data.subarray(0, magic.length).toString('latin1') !== magic) return null;
  let at = magic.length;
  const next = (from: Buffer): Buffer => {
    const length = from.readUInt32BE(at);
    at += 4 + length;
    return from.subarray(at - length, at);
  };
  try {
    const cipher = next(data).toString('latin1');
    next(data);
    next(data);
    at += 4;
    const publicKey = next(data);
    return { cipher, type: publicKey.subarray(4, 4 + publicKey.readUInt32BE(0)).toString('latin1') };
  } catch {
    return null;
  }
}

/**
 * Runs git with a key to sign with. git hands the key's path to ssh-keygen as an argument, which any user of the host can
 * read: it gets the path of a link that leads to it.
 */
export async function withSigningKey<T>(
  { path }: SigningKey,
  run: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-signing-'));
  try {
    const link = join(folder, 'key');
    await symlink(path, link);
    return await run({
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'gpg.format',
      GIT_CONFIG_VALUE_0: 'ssh',
      GIT_CONFIG_KEY_1: 'user.signingkey',
      GIT_CONFIG_VALUE_1: link,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
