import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matchingFiles } from '../../../src/gates/reports/matching-files.js';

describe('the files that a report names', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'baton-matching-'));
    for (const module of ['a', 'b']) {
      mkdirSync(join(root, module, 'target/surefire-reports'), { recursive: true });
      writeFileSync(join(root, module, 'target/surefire-reports/TEST-x.xml'), '');
      writeFileSync(join(root, module, 'target/surefire-reports/x.txt'), '');
    }
    // What lies behind a link is not the worktree's.
    symlinkSync(tmpdir(), join(root, 'c'));
    mkdirSync(join(root, 'node_modules/target/surefire-reports'), { recursive: true });
    writeFileSync(join(root, 'node_modules/target/surefire-reports/TEST-y.xml'), '');
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it('are those of a glob, in order, and a plain path whether it is there or not', async () => {
    expect(await matchingFiles(root, '**/target/surefire-reports/*.xml')).toEqual([
      'a/target/surefire-reports/TEST-x.xml',
      'b/target/surefire-reports/TEST-x.xml',
    ]);
    expect(await matchingFiles(root, 'a/target/surefire-reports/*.xml')).toHaveLength(1);
    expect(await matchingFiles(root, 'nowhere/*.xml')).toEqual([]);
    expect(await matchingFiles(root, 'junit.xml')).toEqual(['junit.xml']);
  });
});
