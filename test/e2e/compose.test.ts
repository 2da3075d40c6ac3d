import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../..');
const CLIENTS = [['docker', 'compose'], ['docker-compose']];

const compose = (client: readonly string[], ...args: string[]) =>
  spawnSync(client[0]!, [...client.slice(1), ...args], {
    cwd: FOLDER,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], BATON_DB_PASSWORD: 'a', TEMPORAL_DB_PASSWORD: 'b' },
  });

const client = CLIENTS.find((known) => compose(known, 'version').status === 0);

// Where no client is installed there is nothing that could read the file.
(client ? describe : describe.skip)('docker-compose.yml', () => {
  it('is valid, and has everything that production needs', () => {
    const { status, stdout, stderr } = compose(client!, 'config', '--services');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout.trim().split('\n').sort()).toEqual(
      [
        ...['api', 'baton-db', 'setup', 'temporal', 'temporal-db'],
        ...['temporal-namespace', 'temporal-schema', 'temporal-ui', 'worker'],
      ].sort(),
    );
  });

  it('refuses to start without passwords', () => {
    const { status, stderr } = spawnSync(client![0]!, [...client!.slice(1), 'config'], {
      cwd: FOLDER,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/set a password for/);
  });
});
