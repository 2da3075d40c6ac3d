import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { AGENT_UIDS } from '../../src/sandbox/agent-uid.js';
import { bubblewrapLaunch } from '../../src/sandbox/bubblewrap.js';
import { findBubblewrap } from '../../src/sandbox/find-bubblewrap.js';
import { processesWith } from './processes-of.js';
import { makeRoom, shell } from './sandbox-fixture.js';

const room = makeRoom();
afterAll(room.remove);

// A worker in small: starts the sandbox as the executor does, and is killed before it can clean up.
const worker = `
  const { argv: [program, ...args], inputs } = JSON.parse(process.argv[1]);
  const stdio = Array(4 + inputs.length).fill('pipe');
  const child = require('node:child_process').spawn(program, args, { env: {}, detached: true, stdio });
  inputs.forEach((input, index) => child.stdio[3 + index].end(Buffer.from(input, 'base64')));
  child.stdout.pipe(process.stdout);
`;

describe('a sandbox whose worker is killed', () => {
  it('dies with it, and with all that it started', async () => {
    const command = shell(`setsid sh -c 'while :; do sleep 0.1; done' orphaned & echo up; wait`);
    const launch = bubblewrapLaunch((await findBubblewrap())!, AGENT_UIDS.first, command, room.policy);
    const parent = spawn(
      process.execPath,
      [
        '-e',
        worker,
        JSON.stringify({ ...launch, inputs: launch.inputs.map((input) => Buffer.from(input).toString('base64')) }),
      ],
      { env: {} },
    );
    await once(parent.stdout, 'data');
    const alive = () => processesWith('orphaned').filter((pid) => pid !== parent.pid);
    expect(alive()).not.toEqual([]);

    parent.kill('SIGKILL');
    const deadline = Date.now() + 5_000;
    while (alive().length > 0 && Date.now() < deadline) await sleep(10);
    expect(alive()).toEqual([]);
  });
});
