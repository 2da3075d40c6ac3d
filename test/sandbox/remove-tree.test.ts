import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../src/sandbox/remove-tree.js';
import { asOrdinaryUser } from '../support/ordinary-user.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'baton-remove-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('removeTree', () => {
  it('removes what an agent made unwritable, unreadable or of a name that is no text', async () => {
    const tree = join(root, 'tree');
    const cache = join(tree, 'go/pkg/mod');
    mkdirSync(join(cache, 'module'), { recursive: true });
    writeFileSync(join(cache, 'module/file.go'), 'package x');
    mkdirSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xff, 0xfe])]));
    mkdirSync(join(tree, 'closed/inner'), { recursive: true });
    for (const [path, mode] of [
      [join(cache, 'module/file.go'), 0o444],
      [join(cache, 'module'), 0o555],
      [cache, 0o555],
      [join(tree, 'closed/inner'), 0o555],
      [join(tree, 'closed'), 0],
      [tree, 0o555],
    ] as const)
      chmodSync(path, mode);
    await asOrdinaryUser(root, () => removeTree(tree));
    expect(existsSync(tree)).toBe(false);
  });

  it('leaves what links lead to as it is', async () => {
    const outside = join(root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'file'), 'x');
    chmodSync(outside, 0o555);
    mkdirSync(join(root, 'tree'));
    symlinkSync(outside, join(root, 'tree/link'));
    chmodSync(join(root, 'tree'), 0o555);
    await asOrdinaryUser(root, () => removeTree(join(root, 'tree')));
    expect(existsSync(join(root, 'tree'))).toBe(false);
    expect(existsSync(join(outside, 'file'))).toBe(true);
    chmodSync(outside, 0o755);
  });

  it('has nothing to do where nothing is', async () => {
    await expect(removeTree(join(root, 'not-there'))).resolves.toBeUndefined();
  });
});
