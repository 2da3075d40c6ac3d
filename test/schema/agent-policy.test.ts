import type { JsonObject } from '../../src/domain/json.js';
import { agentPolicyOf } from '../../src/schema/agent-policy.js';

const USUAL = { memoryMib: 4_096, cpus: null, processes: 4_096, fileMib: 4_096, diskMib: 20_480, timeoutMs: null };

it.each<readonly [string, Parameters<typeof agentPolicyOf>[0], JsonObject, object]>([
  ['as every program where the entry says nothing', 'command', { argv: ['true'] }, { sandbox: USUAL, hosts: [] }],
  [
    'by its entry',
    'command',
    { argv: ['true'], sandbox: { memoryMib: 64, cpus: 0.5, processes: 32, fileMib: 8, diskMib: 16, timeoutMs: 1_000 } },
    { sandbox: { memoryMib: 64, cpus: 0.5, processes: 32, fileMib: 8, diskMib: 16, timeoutMs: 1_000 } },
  ],
  ['with less memory where it does one thing', 'playbook', { moves: [] }, { sandbox: { ...USUAL, memoryMib: 512 } }],
  [
    'with the shorter of two times',
    'script',
    { argv: ['true'], timeoutMs: 60_000, sandbox: { timeoutMs: 90_000, memoryMib: 128 } },
    { sandbox: { ...USUAL, memoryMib: 128, timeoutMs: 60_000 } },
  ],
  [
    'with what is known of its program',
    'codex',
    {},
    {
      ...{ sandbox: USUAL, hosts: ['api.openai.com:443'], provider: 'openai', model: null },
      ...{ askFor: [], trustRepository: false, contextTokens: 20_000 },
    },
  ],
  [
    'with its own address in the place of its program’s',
    'claude',
    {
      baseUrl: 'http://127.0.0.1:8000/v1',
      hosts: ['a.example:443'],
      askFor: ['edit'],
      trustRepository: true,
      model: 'm',
    },
    { hosts: ['127.0.0.1:8000', 'a.example:443'], askFor: ['edit'], trustRepository: true, model: 'm' },
  ],
  ['by its command as its provider', 'acp', { command: 'opencode' }, { provider: 'opencode', hosts: [], model: null }],
  [
    'at one host',
    'api',
    { host: 'https://api.example.com', requests: {} },
    { sandbox: null, hosts: ['api.example.com:443'] },
  ],
  [
    'at its model',
    'chat',
    { baseUrl: 'https://models.example/v1', model: 'judge' },
    { sandbox: null, hosts: ['models.example:443'], provider: 'models.example', model: 'judge' },
  ],
  ['with nothing of its own', 'role', { role: 'developer', actions: {} }, { sandbox: null, hosts: [], provider: null }],
])('tells what an agent is held to: %s', (_, adapter, entry, policy) => {
  expect(agentPolicyOf(adapter, entry)).toMatchObject(policy);
});

it('tells nothing of an entry that its adapter does not take', () => {
  expect(agentPolicyOf('command', {})).toBeNull();
});

it('does not tell how a program is started, nor what its keys are called', () => {
  const policy = agentPolicyOf('claude', { program: '/opt/claude', keys: ['TEAM_KEY'] });
  expect(JSON.stringify(policy)).not.toMatch(/TEAM_KEY|\/opt/);
});
