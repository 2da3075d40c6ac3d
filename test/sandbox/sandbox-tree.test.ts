import { PassThrough } from 'node:stream';
import { SandboxTree } from '../../src/sandbox/sandbox-tree.js';

describe('the processes of a sandbox', () => {
  it('are cleared away only when bubblewrap has said its last, which may be heard after its exit', async () => {
    const status = new PassThrough();
    const tree = new SandboxTree(process.pid, status);
    setImmediate(() => status.end('{"exit-code": 0}\n'));
    await tree.clear();
    expect(tree.finished).toBe(true);
  });
});
