import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeJsonFile } from '../../src/local/json-file.js';
import { freePort, rememberedPorts, requireFreePort } from '../../src/local/ports.js';
import { scratchDataDirectory } from './scratch.js';

const NAMES = ['temporal', 'postgres', 'api'] as const;

async function listenOn<T>(port: number, work: () => Promise<T>): Promise<T> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    return await work();
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('ports', () => {
  it('are none that an outgoing connection could take before the server starts', async () => {
    for (const port of await Promise.all(Array.from({ length: 50 }, freePort))) expect(port).toBeLessThan(32_768);
  });

  it('are the same at the next start, but for one that somebody else has', async () => {
    const { portsFile } = await scratchDataDirectory();
    const first = await rememberedPorts(portsFile, NAMES);
    expect(new Set(Object.values(first)).size).toBe(NAMES.length);
    expect(await rememberedPorts(portsFile, NAMES)).toEqual(first);

    const second = await listenOn(first.postgres, () => rememberedPorts(portsFile, NAMES));
    expect(second).toEqual({ ...first, postgres: expect.any(Number) as number });
    expect(second.postgres).not.toBe(first.postgres);
  });

  it('are never the same for two servers, whatever the file says', async () => {
    const { root } = await scratchDataDirectory();
    const file = join(root, 'same.json');
    const port = await freePort();
    writeJsonFile(file, { temporal: port, postgres: port, api: port });
    expect(new Set(Object.values(await rememberedPorts(file, NAMES))).size).toBe(NAMES.length);
  });

  it('that are asked for and taken are refused, with what to do', async () => {
    const port = await freePort();
    await listenOn(port, () =>
      expect(requireFreePort('127.0.0.1', port)).rejects.toMatchObject({
        code: 'port-taken',
        message: expect.stringContaining('Set BATON_PORT') as string,
      }),
    );
    await requireFreePort('127.0.0.1', port);
  });
});
