import { composeMounts } from '../../src/sandbox/mounts.js';

const taken = ['/opt/node', '/home/agent', '/workspace'];
const bind = (source: string, target: string) => ({ source, target });

describe('the mounts of a sandbox', () => {
  it('are made parents first, each at a place of its own', () => {
    const deep = bind('/srv/guard', '/opt/guard/inner');
    const shallow = bind('/srv/git', '/opt/git');
    expect(composeMounts([deep, shallow], taken)).toEqual([shallow, deep]);
  });

  it('may lie in a folder that is writable inside', () => {
    const inWorkspace = bind('/srv/empty', '/workspace/.cursor');
    expect(composeMounts([inWorkspace], taken)).toEqual([inWorkspace]);
  });

  it('leave out what another shows already at the same place', () => {
    const environment = bind('/srv/tools/env', '/srv/tools/env');
    const tools = bind('/srv/tools', '/srv/tools');
    expect(composeMounts([environment, tools, tools], taken)).toEqual([tools]);
  });

  it.each([
    ['a folder that is there before', [bind('/srv/a', '/opt/node')], '/opt/node'],
    ['the parent of one', [bind('/srv/a', '/home')], '/home/agent'],
    ['another mount', [bind('/srv/a', '/opt/x'), bind('/srv/b', '/opt/x')], '/opt/x'],
    ['the parent of another mount', [bind('/srv/a', '/opt/x/y'), bind('/srv/b', '/opt/x')], '/opt/x'],
    ['a part of another mount', [bind('/srv/a', '/opt/x'), bind('/srv/b', '/opt/x/y')], '/opt/x'],
  ])('are refused where one would hide %s', (_what, binds, hidden) => {
    expect(() => composeMounts(binds, taken)).toThrow(
      expect.objectContaining({
        code: 'mount-hidden',
        details: expect.objectContaining({ hidden }) as object,
      }) as Error,
    );
  });
});
