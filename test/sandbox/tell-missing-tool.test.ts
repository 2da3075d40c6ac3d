import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tellMissingTool } from '../../src/sandbox/toolchains/tell-missing-tool.js';

const folder = mkdtempSync(join(tmpdir(), 'baton-tools-'));
afterAll(() => rmSync(folder, { recursive: true }));

function install(name: string, mode = 0o755): string {
  const bin = join(folder, name);
  mkdirSync(bin);
  writeFileSync(join(bin, 'uv'), '#!/bin/sh\n', { mode: 0o755 });
  chmodSync(bin, mode);
  return bin;
}

describe('a command that is not found', () => {
  const said = 'sh: 1: uv: not found';

  it('is named, with whether the PATH of the worker has it', () => {
    expect(tellMissingTool(said, { PATH: '/usr/bin' })).toContain("The worker's PATH has no `uv`. Install it");
    expect(tellMissingTool('sh: 1: ./mvnw: not found', {})).toContain('There is no `./mvnw` in the sandbox.');
    expect(tellMissingTool('it failed', {})).toBeNull();
  });

  it('is told with how the sandbox comes to see it', () => {
    const shown = install('shown');
    const open = install('open', 0o777);
    expect(tellMissingTool(said, { PATH: shown, BATON_TOOLCHAINS: 'none' })).toBe(
      `The worker's PATH has \`uv\` at ${shown}/uv, and the sandbox does not show that folder. ` +
        'Name it in BATON_TOOLCHAINS and restart the worker; docs/operating.md has the setting.',
    );
    expect(tellMissingTool(said, { PATH: open })).toContain('does not show that folder: everybody may write to it.');
    expect(tellMissingTool(said, { PATH: shown })).toContain('which the sandbox shows. It needs a folder');
  });
});
