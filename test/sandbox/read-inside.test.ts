import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInside } from '../../src/sandbox/read-inside.js';
import { makeRoom } from './sandbox-fixture.js';

const room = makeRoom();
const { workspace } = room;
afterAll(room.remove);

beforeAll(() => {
  writeFileSync(join(room.root, 'secret'), 'hunter2');
  mkdirSync(join(workspace, 'coverage'));
  writeFileSync(join(workspace, 'coverage/lcov.info'), 'TN:\n');
  symlinkSync('../secret', join(workspace, 'file-out'));
  symlinkSync('..', join(workspace, 'folder-out'));
  symlinkSync('coverage/lcov.info', join(workspace, 'file-inside'));
  symlinkSync('coverage', join(workspace, 'folder-inside'));
  execFileSync('mkfifo', [join(workspace, 'pipe')]);
});

describe('readInside', () => {
  it('reads a file below the root', async () => {
    expect((await readInside(workspace, 'coverage/lcov.info', 100))?.toString()).toBe('TN:\n');
    expect((await readInside(workspace, 'folder-inside/lcov.info', 4))?.toString()).toBe('TN:\n');
  });

  it('gives null for what is not there', async () => {
    expect(await readInside(workspace, 'nothing', 100)).toBeNull();
    expect(await readInside(workspace, 'coverage/lcov.info/below', 100)).toBeNull();
  });

  it.each(['../secret', 'coverage/../../secret', '/etc/passwd', 'file-out', 'file-inside', 'folder-out/secret', '.'])(
    'refuses %s, which leads out or is a link',
    async (path) => {
      await expect(readInside(workspace, path, 100)).rejects.toMatchObject({ code: 'path-escapes' });
    },
  );

  it.each(['coverage', 'pipe'])('refuses %s, which is no file', async (path) => {
    await expect(readInside(workspace, path, 100)).rejects.toMatchObject({ code: 'not-a-regular-file' });
  });

  it('refuses a file that is too large', async () => {
    await expect(readInside(workspace, 'coverage/lcov.info', 3)).rejects.toMatchObject({ code: 'file-too-large' });
  });
});
