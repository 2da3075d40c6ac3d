import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGRAM_MATRIX } from '../../src/domain/program-matrix.js';
import { saveTerritory } from '../../src/db/territories.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { openEnginePage, type EnginePage } from './engine-page.js';
import { barriersOf, DESKTOP } from './page-browser.js';

const LONG_MS = 180_000;
const options = [
  { name: 'Tabs', says: 'As the old files have it.' },
  { name: 'Spaces', says: 'As the new ones have it.' },
];

let engine: Engine;
let served: EnginePage;
beforeAll(async () => {
  engine = await startEngine({
    agents: [
      {
        name: 'devon',
        roles: ['developer'],
        sandbox: { memoryMib: 256, processes: 64 },
        script: `write('hello.txt', 'hello');
          say({ type: 'log', message: 'it waits' });
          while (!existsSync('go')) await new Promise((done) => setTimeout(done, 50));
          rmSync('go');
          say({ type: 'usage', inputTokens: 1200, outputTokens: 30, costUsd: 0.5 });
          done();`,
      },
      {
        name: 'asker',
        script: `say({ type: 'question', text: 'Tabs or spaces?', options: ${JSON.stringify(options)} });`,
      },
      { name: 'broken', script: 'process.exit(3);' },
      {
        name: 'claude',
        roles: ['reviewer'],
        program: { adapter: 'claude', entry: { askFor: ['command', 'edit'], hosts: ['registry.npmjs.org:443'] } },
        permissions: { files: { never: ['keys/**'] }, limits: { filesPerCommit: 12 } },
      },
    ],
  });
  await engine.record.inTx((tx) =>
    saveTerritory(tx, {
      organisationId: engine.record.organisationId,
      projectId: engine.projectId,
      role: 'developer',
      globs: ['src/**', '*.txt'],
    }),
  );
  served = await openEnginePage(engine);
  await served.signIn('maya');
}, LONG_MS);
afterAll(async () => {
  await served.close();
  await engine.stop();
}, LONG_MS);

const pipeline = (agent: string, retry = 1): string => `workflow: with-${agent}
steps:
  - { name: Branch, action: git.createBranch, params: { branch: '${agent}/{{ run.number }}' } }
  - { name: Work, agent: ${agent}, action: code.implement, retry: ${retry} }
`;

async function letGo(): Promise<void> {
  const entries = await readdir(join(engine.root, 'host'), { recursive: true, withFileTypes: true });
  const hello = entries.find(({ name }) => name === 'hello.txt');
  await writeFile(join(hello!.parentPath, 'go'), '');
}

describe('the agents', () => {
  it('are listed with what each does now; beside them each program, with its version, what it can and who is it', async () => {
    const { page } = served;
    await served.browsed.open('/runs');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Agents' }).click();
    await page.locator('[data-agent="devon"]').getByText('idle').waitFor();
    const claude = page.locator('[data-program="claude"]');
    await claude.getByText(PROGRAM_MATRIX[0]!.testedVersion).waitFor();
    await claude.getByRole('link', { name: 'claude' }).waitFor();
    await page.locator('[data-program="codex"]').getByText('bin/baton agents add codex').waitFor();
    const told = await page.evaluate<string[][]>(
      `[...document.querySelectorAll('[data-program]')].map((row) => [...row.querySelectorAll('[data-ability]')].map(({ textContent }) => textContent.trim()))`,
    );
    const yes = (can: boolean): string => (can ? 'yes' : 'no');
    expect(told).toEqual(
      PROGRAM_MATRIX.map(({ abilities: { resume, approvals, usage, cost, cancel, structuredOutput, mcp } }) =>
        [resume, approvals, usage, cost, cancel, structuredOutput, mcp].map(yes),
      ),
    );
    expect(await barriersOf(page)).toEqual([]);
    await page.setViewportSize(DESKTOP);
  });

  it('says how one is registered where there is none', async () => {
    const { page } = served;
    await page.route('**/api/agents?*', (route) => route.fulfill({ json: { items: [], next: null } }));
    await served.browsed.open('/agents');
    await page.getByText('No agent is registered').waitFor();
    await page.locator('[data-command]').getByText('bin/baton agents add claude').waitFor();
    await page.unroute('**/api/agents?*');
  });
});

describe('an agent’s own page', () => {
  let run: StartedRun;

  it('shows what it is held to', async () => {
    const { page } = served;
    await served.browsed.open('/agents/claude');
    const policy = page.getByRole('region', { name: 'Policy' });
    for (const text of [
      'only api.anthropic.com:443, registry.npmjs.org:443',
      'command, edit',
      '4 GiB',
      'keys/**',
      'not heeded',
    ])
      await policy.getByText(text, { exact: true }).first().waitFor();
    await page.getByText('It has not worked yet').waitFor();
    await served.browsed.open('/agents/devon');
    for (const text of ['256 MiB', '64', 'src/**, *.txt'])
      await policy.getByText(text, { exact: true }).first().waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.setViewportSize(DESKTOP);
  });

  it(
    'follows it live: what it is at, and then how that ended and what it cost',
    async () => {
      const { page } = served;
      run = await engine.startRun(pipeline('devon'));
      const work = page.getByRole('region', { name: 'At work now' });
      await work.getByRole('link', { name: `#${run.number} with-devon` }).waitFor();
      await work.locator('[data-began="first"]').waitFor();
      await page.getByText('working', { exact: true }).waitFor();
      const attempt = page.locator(`[data-agent-attempt="${run.number}/work/1"]`);
      await attempt.getByText('running').waitFor();
      expect(await barriersOf(page)).toEqual([]);
      await page.setViewportSize(DESKTOP);
      await letGo();
      await attempt.getByText('succeeded').waitFor({ timeout: 60_000 });
      await attempt.getByText('1,200 in, 30 out').waitFor();
      await attempt.getByText('$0.50').waitFor();
      await page.getByRole('region', { name: 'What it did last' }).locator('[data-ended="succeeded"]').waitFor();
      await page.getByText('idle', { exact: true }).waitFor();
      await attempt.getByRole('link').click();
      await page.getByRole('tab', { name: 'Activity', selected: true }).waitFor();
      await page.getByRole('link', { name: 'devon', exact: true }).click();
      await page.getByRole('heading', { name: 'devon', level: 1 }).waitFor();
    },
    LONG_MS,
  );

  it(
    'shows what it asks, and leads to where that is answered',
    async () => {
      const { page } = served;
      run = await engine.startRun(pipeline('asker'));
      await engine.question(run, 'work');
      await served.browsed.open('/agents/asker');
      const asks = page.getByRole('region', { name: 'asker waits for an answer' });
      await asks.getByText('Tabs or spaces?').waitFor();
      await page.getByText('waiting for input', { exact: true }).waitFor();
      expect(await barriersOf(page)).toEqual([]);
      await page.setViewportSize(DESKTOP);
      await asks.getByRole('link', { name: 'Answer it' }).click();
      await page.getByRole('radio', { name: /Spaces/ }).waitFor();
    },
    LONG_MS,
  );

  it(
    'says that it is held back, why and until when; so does the list',
    async () => {
      const { page } = served;
      await engine.run(pipeline('broken', 5));
      await served.browsed.open('/agents/broken');
      const alert = page.locator('[data-breaker="agent"]');
      await alert.getByText(/It failed 5 times in a row\..*New work begins again in \d+ seconds/).waitFor();
      expect(await barriersOf(page)).toEqual([]);
      await page.setViewportSize(DESKTOP);
      await served.browsed.open('/agents');
      await page.locator('[data-agent="broken"]').getByText('held back').waitFor();
    },
    LONG_MS,
  );

  it('says that there is no such agent', async () => {
    const { page } = served;
    await served.browsed.open('/agents/nobody');
    await page.getByText('The project main has no agent nobody.').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.setViewportSize(DESKTOP);
  });
});

it('asked nobody but Baton for anything, and the browser refused nothing', () => {
  expect(served.browsed.complaints).toEqual([]);
});
