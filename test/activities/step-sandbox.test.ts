import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { agentPrograms } from '../../scripts/setup/agent-programs.mjs';
import { listAudit } from '../../src/db/audit-views.js';
import { ModelServer } from '../agents/model/model-server.js';
import { startEngine, type Engine } from '../support/engine.js';

const KEY = 'sk-test-of-steps-0123456789';
const model = new ModelServer();
const other = createServer((_, response) => void response.end('reached'));
let otherHost: string;
let engine: Engine;
beforeAll(async () => {
  await model.listen();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  otherHost = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  engine = await startEngine({
    environment: { OPENAI_API_KEY: KEY },
    files: {
      'README.md': 'a demo\n',
      '.baton/repository.yaml': 'test: { command: "head -c 8M /dev/zero > big && rm big" }\n',
    },
    agents: [
      {
        name: 'greedy',
        sandbox: { fileMib: 8 },
        script: `write('big', Buffer.alloc(16 * 1024 * 1024, 1)); write('a.txt', 'x'); rmSync('big'); done();`,
      },
      { name: 'modest', script: `write('a.txt', 'x'); done();` },
      {
        name: 'codex',
        program: {
          adapter: 'codex',
          entry: {
            program: join(agentPrograms, 'node_modules', '.bin', 'codex'),
            model: 'test-model',
            ...{ baseUrl: `${model.address}/v1`, keys: ['OPENAI_API_KEY'], hosts: [otherHost] },
          },
        },
      },
    ],
  });
});
afterAll(async () => {
  await engine.stop();
  model.close();
  other.close();
  expect(model.faults).toEqual([]);
});

const step = (agent: string, more: string): string => `
name: one
steps:
  - { name: Work, agent: ${agent}, action: code.implement, retry: 1, ${more} }
`;

describe('the sandbox of a step', () => {
  it('holds in place of what the entry of its agent says', async () => {
    expect((await engine.run(step('greedy', 'sandbox: { processes: 64 }'))).result.status).toBe('failed');
    expect((await engine.run(step('greedy', 'sandbox: { fileMib: 32 }'))).result).toMatchObject({
      status: 'succeeded',
      error: null,
    });
  });

  it('holds for its gates', async () => {
    const { result } = await engine.run(step('modest', 'gates: [tests], sandbox: { fileMib: 1 }'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
    const wide = await engine.run(step('modest', 'gates: [tests], sandbox: { fileMib: 9 }'));
    expect(wide.result).toMatchObject({ status: 'succeeded', error: null });
  });

  it('leaves its agent fewer hosts, and always its model', async () => {
    const ask = `curl -s --noproxy '*' --max-time 3 http://${otherHost}/ > reached.txt; true`;
    const reached = async (more: string): Promise<string> => {
      model.play({ command: `${ask}; echo x > a.txt` }, { say: 'Done.' });
      const run = await engine.run(step('codex', more).replace('steps:', BRANCH));
      expect(run.result).toMatchObject({ status: 'succeeded', error: null });
      expect(await engine.record.log(run.id, 'work', 'agent.log')).toContain(
        more.includes('4321') ? 'at most 4321 tokens' : 'at most 20000 tokens',
      );
      const { branch } = await engine.record.run(run.id);
      return engine.forgeGit('show', `${branch!}:reached.txt`);
    };
    expect(await reached('sandbox: { cpus: 2 }')).toBe('reached');
    expect(await reached('sandbox: { hosts: [] }, contextTokens: 4321')).toBe('');
  });

  it('gives its agent no host that its entry does not allow', async () => {
    const { id, result } = await engine.run(step('codex', 'sandbox: { hosts: ["evil.example:443"] }'));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'hosts-not-allowed' } });
    const { items } = await engine.record.inTx((tx) =>
      listAudit(tx, { resource: `run:${id}`, outcome: 'denied', cursor: undefined, limit: 200 }),
    );
    expect(items).toMatchObject([{ action: 'sandbox.refuse', details: { code: 'hosts-not-allowed' } }]);
  });
});

const BRANCH = `steps:\n  - { name: Branch, action: git.createBranch, params: { branch: 'hosts/{{ run.number }}' } }`;
