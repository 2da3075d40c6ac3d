import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelServer, type Turn } from '../agents/model/model-server.js';
import { agentsOf, ENVIRONMENT, REAL, SECRETS, startEcho } from './canary/agents.js';
import { CONTROL, formsOf, Search } from './canary/forms.js';
import { searchApi, searchDatabase, searchFiles, searchHistories, searchRepositories } from './canary/places.js';
import { ProcessWatch } from './canary/watch-processes.js';
import { RunningPlatform } from './running-platform.js';
import { MINUTES } from './survives-kills.js';

const folder = mkdtempSync(join(tmpdir(), 'baton-canary-'));
const model = new ModelServer();
let echo: Awaited<ReturnType<typeof startEcho>>;
beforeAll(async () => {
  await model.listen();
  echo = await startEcho();
});
afterAll(async () => {
  await RunningPlatform.removeAll();
  echo.close();
  model.close();
  rmSync(folder, { recursive: true, force: true });
}, MINUTES);

const keyIs = (name: keyof typeof SECRETS): string =>
  formsOf(SECRETS[name])
    .map(([form, text]) => `${form}: ${text}`)
    .join('\n');
const block = (summary: string): string => `\`\`\`json\n${JSON.stringify({ summary, output: { summary } })}\n\`\`\``;

/** What each agent's model does, known by what the step says of itself. */
function conversations(): typeof model.conversations {
  const submits = (name: 'claude' | 'codex'): readonly Turn[] => [
    { tool: 'add_steps', input: { items: [`Use ${SECRETS[name]}`] } },
    { tool: 'complete_step', input: { item: `Use ${SECRETS[name]}`, note: `${CONTROL} ${keyIs(name)}` } },
    { tool: 'submit', input: { summary: `By a tool: ${keyIs(name)}` } },
  ];
  return [
    ...REAL.map((name): (typeof model.conversations)[number] => [
      `says-${name}`,
      [
        { command: `node leak.mjs; echo "${SECRETS[name]}" > /dev/null; echo ${CONTROL} > ${name}.txt` },
        ...(name === 'claude' || name === 'codex' ? submits(name) : []),
        { say: `My key is, ${CONTROL},\n${keyIs(name)}` },
      ],
    ]),
    [
      'commits-codex',
      [
        { command: 'node leak.mjs commit; ln -s "$CANARY_CODEX_KEY" link; echo fine > fine.txt' },
        { say: 'It is written down.' },
        { command: 'echo gone > fine.txt' },
        { say: 'It is gone.' },
      ],
    ],
    ['says-chat', [{ say: block(`My key is, ${CONTROL}, ${keyIs('chat')}`) }]],
    ['refuses-chat', [{ status: 401, message: `Incorrect API key provided: ${SECRETS.chat}, ${CONTROL}` }]],
  ];
}

const pipeline = (name: string, agent: string, action: string): string => `workflow: ${name}
trigger: manual
steps:
  - { name: Branch, action: git.createBranch, params: { branch: 'canary/${name}' } }
  - { name: Work, agent: ${agent}, action: ${action}, retry: 2, params: { about: ${name} } }
`;

/** How each comes by its key and what it does with it: a run each. */
const RUNS: readonly (readonly [pipeline: string, agent: string, action: string])[] = [
  ...[...REAL, 'cursor', 'aider', 'acp'].map((name) => [`says-${name}`, name, 'code.implement'] as const),
  ['commits-codex', 'codex', 'code.implement'],
  ['says-chat', 'chat', 'review.code'],
  ['refuses-chat', 'chat', 'review.code'],
  ['says-api', 'api', 'answer'],
  ['refuses-api', 'api', 'refuse'],
  ['says-command', 'command', 'look'],
  ['says-script', 'script', 'look'],
];

/** What no catalogue knows. */
const CAPABILITIES: Readonly<Record<string, readonly object[]>> = {
  api: ['answer', 'refuse'].map((action) => ({ name: action, description: '' })),
  command: [{ name: 'look', description: '' }],
  script: [{ name: 'look', description: '' }],
};

async function prepare(platform: RunningPlatform): Promise<void> {
  const repository = join(folder, 'repository');
  mkdirSync(join(repository, '.baton'), { recursive: true });
  cpSync(join(import.meta.dirname, 'canary/leak.mjs'), join(repository, 'leak.mjs'));
  writeFileSync(join(repository, '.baton/repository.yaml'), 'test: { command: "true" }\n');
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Maya', '-c', 'user.email=maya@example.com', ...args], { cwd: repository });
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'a demo');
  const done = async (...args: readonly string[]): Promise<void> => {
    const { code, stderr } = await platform.baton(...args);
    expect([args, code, stderr]).toEqual([args, 0, expect.anything()]);
  };
  await done('repo', 'add', repository, '--name', 'demo');
  for (const [name, entry] of Object.entries(agentsOf(join(folder, 'programs'), model.address, echo.url))) {
    const body = {
      name,
      type: 'custom',
      kind: 'LLM',
      adapter: name,
      roles: ['developer', 'code-reviewer'],
      version: '1',
    };
    const answer = await platform.request('/agents', {
      body: { ...body, riskLevel: 'AUTO', capabilities: CAPABILITIES[name] ?? [], entry },
    });
    expect([name, answer.status, await answer.text()]).toEqual([name, 201, expect.anything()]);
  }
  for (const [name, agent, action] of RUNS) {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, pipeline(name, agent, action));
    await done('pipelines', 'add', file, '--activate');
  }
}

interface Run {
  readonly number: number;
  readonly pipeline: { readonly name: string };
  readonly status: string;
}

/** Starts a run each, and gives how they ended. */
async function runAll(platform: RunningPlatform): Promise<readonly Run[]> {
  for (const [name] of RUNS) expect((await platform.baton('run', name, '--repo', 'demo')).stderr).toBe('');
  const read = async (): Promise<readonly Run[]> => (await platform.read<{ items: Run[] }>('/runs?limit=100')).items;
  const isOver = ({ status }: Run): boolean => ['succeeded', 'failed', 'cancelled'].includes(status);
  await platform.until('all runs to end', async () => (await read()).every(isOver), 8 * MINUTES);
  return read();
}

/** How each run ends: that of a played program with a failure, in whose message its key is. */
const FAILED = ['says-aider', 'refuses-chat', 'refuses-api'];
const IN_SANDBOX = [...REAL, 'cursor', 'aider', 'acp'];

const logOf = async (platform: RunningPlatform, { number }: Run): Promise<string> => {
  const run = await (await platform.request(`/runs/${number}`)).text();
  const logs = [...run.matchAll(/\{"id":"([0-9a-f-]{36})","kind":"log"/g)];
  return (await Promise.all(logs.map(async ([, id]) => (await platform.request(`/artifacts/${id!}`)).text()))).join('');
};

it(
  'finds no secret of a worker anywhere, whatever its agents do with theirs',
  async () => {
    const search = new Search(SECRETS);
    model.conversations = conversations();
    const platform = await RunningPlatform.start({ demo: false, environment: ENVIRONMENT });
    await prepare(platform);
    const watch = new ProcessWatch(platform.pidOf('worker')!, search, SECRETS);
    const runs = await runAll(platform).finally(() => watch.end());

    await searchDatabase(platform, search);
    await searchHistories(platform, search);
    const numbers = runs.map(({ number }) => number);
    await searchApi(platform, numbers, search);
    search.in('logs', 'the platform', platform.log);
    searchRepositories(platform.dataDirectory, search);
    searchFiles(platform.dataDirectory, search);
    expect(search.hits).toEqual([]);

    // All of it has happened, and was to be seen.
    const ended = runs.map(({ pipeline: { name }, status }) => [name, status]);
    expect(Object.fromEntries(ended)).toEqual(
      Object.fromEntries(RUNS.map(([name]) => [name, FAILED.includes(name) ? 'failed' : 'succeeded'])),
    );
    expect([...watch.holders].sort()).toEqual([...IN_SANDBOX].sort());
    for (const run of runs) {
      const { name } = run.pipeline;
      const [, agent = ''] = name.split('-');
      if (!name.startsWith('says-') || ['chat', 'api'].includes(agent)) continue;
      const log = await logOf(platform, run);
      expect([name, log]).toEqual([
        name,
        expect.stringContaining(IN_SANDBOX.includes(agent) ? '[redacted]' : 'found 0 '),
      ]);
    }
    const commits = runs.find(({ pipeline: { name } }) => name === 'commits-codex')!;
    expect(await logOf(platform, commits)).toContain('The change holds a secret of the worker, in link, notes.txt');
    expect([...search.seen].sort()).toEqual(
      ['API', 'artifacts', 'database', 'event streams', 'files', 'histories', 'repositories'].sort(),
    );
  },
  12 * MINUTES,
);
