import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { BatonError } from '../domain/errors.js';

/**
 * Reads a regular file that an agent may have written. A link that leads out of `root` is never
 * followed, nor is one in the place of the file itself. Null when there is no such file.
 *
 * @throws BatonError `path-escapes`, `not-a-regular-file` or `file-too-large`.
 */
export async function readInside(root: string, relativePath: string, maxBytes: number): Promise<Buffer | null> {
  const realRoot = await realpath(root);
  const path = join(realRoot, relativePath);
  if (isAbsolute(relativePath) || !isBelow(realRoot, path)) throw escapes(relativePath);

  const handle = await openWithoutFollowing(path, relativePath);
  if (!handle) return null;
  try {
    // The folders above may be links, also by now: the open file itself says where it lies.
    if (!isBelow(realRoot, await realpath(`/proc/self/fd/${handle.fd}`).catch(() => realpath(path)))) {
      throw escapes(relativePath);
    }
    const stats = await handle.stat();
    if (!stats.isFile()) throw notRegular(relativePath);
    const buffer = Buffer.alloc(Math.min(stats.size, maxBytes) + 1);
    const bytesRead = await fill(handle, buffer);
    if (bytesRead > maxBytes) {
      throw new BatonError('file-too-large', `${relativePath} is larger than ${maxBytes} bytes: make it smaller.`, {
        details: { path: relativePath, maxBytes, sizeBytes: stats.size },
      });
    }
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function openWithoutFollowing(path: string, relativePath: string) {
  try {
    // Without O_NONBLOCK the opening of a named pipe waits for a writer for ever.
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'ELOOP') throw escapes(relativePath);
    if (code === 'ENXIO') throw notRegular(relativePath);
    throw error;
  }
}

async function fill(handle: Awaited<ReturnType<typeof open>>, buffer: Buffer): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

function isBelow(root: string, path: string): boolean {
  const below = relative(root, path);
  return below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}

const escapes = (path: string) =>
  new BatonError('path-escapes', `${path} leads out of the worktree or through a link: use a plain path below it.`, {
    details: { path },
  });

const notRegular = (path: string) =>
  new BatonError('not-a-regular-file', `${path} is not a regular file.`, { details: { path } });
