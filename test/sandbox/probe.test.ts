import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeSandbox } from '../../src/sandbox/probe.js';

const path = process.env['PATH'];
const folder = mkdtempSync(join(tmpdir(), 'baton-probe-test-'));
afterAll(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true });
});

// In this order: a bubblewrap that was found once is not looked for again.
describe('probeSandbox', () => {
  it('says how to get bubblewrap where there is none', async () => {
    process.env['PATH'] = folder;
    expect(await probeSandbox()).toEqual({
      kind: 'unavailable',
      mend: 'Install bubblewrap: apt-get install bubblewrap.',
    });
  });

  it('is ready where a command really ran inside', async () => {
    process.env['PATH'] = path;
    expect(await probeSandbox()).toEqual({ kind: 'ready', version: expect.stringMatching(/^\d+\.\d+$/) as string });
  });
});
