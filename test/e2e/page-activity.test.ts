import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentPrograms } from '../../scripts/setup/agent-programs.mjs';
import { appendArtifact, openArtifact } from '../../src/artifacts/artifacts.js';
import { ModelServer } from '../agents/model/model-server.js';
import { PRICE_TABLE } from '../../src/schema/price-table.js';
import { runCli } from '../cli/run-cli.js';
import { startEngine, type Engine, type StartedRun } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { openEnginePage, type EnginePage } from './engine-page.js';
import { barriersOf, DESKTOP } from './page-browser.js';

const KEY = 'sk-ant-test-of-activity-0123456789';
const LONG_MS = 180_000;

const model = new ModelServer();
let engine: Engine;
let served: EnginePage;
beforeAll(async () => {
  await model.listen();
  engine = await startEngine({
    environment: { ANTHROPIC_API_KEY: KEY },
    agents: [
      {
        name: 'claude',
        roles: ['developer'],
        program: {
          adapter: 'claude',
          entry: {
            ...{ program: join(agentPrograms, 'node_modules', '.bin', 'claude'), model: 'test-model' },
            ...{ baseUrl: model.address, keys: ['ANTHROPIC_API_KEY'], sandbox: { memoryMib: 3_072 } },
          },
        },
      },
      {
        name: 'codex',
        roles: ['developer'],
        program: {
          adapter: 'codex',
          entry: {
            ...{ program: join(agentPrograms, 'node_modules', '.bin', 'codex'), model: 'gpt-5' },
            ...{ baseUrl: `${model.address}/v1`, keys: ['ANTHROPIC_API_KEY'] },
          },
        },
      },
      { name: 'idle', script: 'done();' },
      {
        name: 'devon',
        script: `write('a.txt', 'x'); say({ type: 'usage', inputTokens: 1200, outputTokens: 30 }); done();`,
      },
    ],
  });
  served = await openEnginePage(engine);
  await served.signIn('maya');
}, LONG_MS);
afterAll(async () => {
  await served.close();
  await engine.stop();
  model.close();
  expect(model.faults).toEqual([]);
}, LONG_MS);

const options = [
  { name: 'Tabs', says: 'As the old files have it.' },
  { name: 'Spaces', says: 'As the new ones have it.' },
];
const question = `\`\`\`json\n${JSON.stringify({ type: 'question', text: 'Tabs or spaces?', options })}\n\`\`\``;
const pipeline = (name: string, agent: string): string => `workflow: ${name}
steps:
  - { name: Branch, action: git.createBranch, params: { branch: '${name}/{{ run.number }}' } }
  - { name: Work, agent: ${agent}, action: code.implement, retry: 2 }
`;

/** Lets an agent go on that waits for a file in its worktree. */
async function letGo(): Promise<void> {
  const entries = await readdir(join(engine.root, 'host'), { recursive: true, withFileTypes: true });
  const hello = entries.find(({ name }) => name === 'hello.txt');
  await writeFile(join(hello!.parentPath, 'go'), '');
}

describe('the activity of an agent', () => {
  let run: StartedRun;
  const attempt = (n: number) => served.page.locator(`[data-attempt="${n}"]`);

  it(
    'appears while it works, with what it was held to and what was refused; then its question stands there, to be answered',
    async () => {
      const { page } = served;
      model.play(
        { command: 'echo hello > hello.txt; curl -sS http://example.com/; true' },
        { command: 'until [ -e go ]; do sleep 0.1; done' },
        { say: `I cannot tell.\n${question}` },
        { command: 'cat nowhere.txt' },
        { say: 'Spaces it is.' },
      );
      run = await engine.startRun(pipeline('told', 'claude'));
      await served.browsed.open(`/runs/${run.number}?step=work&tab=activity`);
      await attempt(1)
        .locator('[data-began="first"]')
        .getByText(/A new conversation, on .*where the branch stood/)
        .waitFor();
      await attempt(1)
        .locator('[data-event="command"]')
        .getByText('$ echo hello > hello.txt')
        .waitFor({ timeout: 60_000 });
      await attempt(1).getByText('and it goes on').waitFor();
      const command = attempt(1).locator('[data-event="command"]');
      await command.filter({ hasText: 'until [ -e go ]' }).getByText('its end is not told yet').waitFor();
      // One that has ended is told once, the other does not end.
      expect(await command.count()).toBe(2);
      const sandbox = attempt(1).getByText('Sandbox, 1 refusal');
      await sandbox.click();
      const row = attempt(1).getByRole('row', { name: /^claude\S* only 127\.0\.0\.1:\d+.*writable 3 GiB/ });
      await row.waitFor();
      await attempt(1)
        .locator('[data-refusal="network"]')
        .getByText('GET http://example.com is not on the list of allowed hosts')
        .waitFor();

      await letGo();
      await attempt(1).getByText('its end is not told yet').waitFor({ state: 'detached' });
      const asked = attempt(1).locator('[data-asked]');
      await asked.getByText('Tabs or spaces?').waitFor();
      await attempt(1).getByText('Ended with a question').waitFor();
      expect(await barriersOf(page)).toEqual([]);
      await page.setViewportSize(DESKTOP);
      await asked.getByRole('link', { name: 'Answer it' }).click();
      await page.getByRole('radio', { name: /Spaces/ }).check();
      await page.getByLabel('Reason').fill('house style');
      await engine.answer((await engine.question(run, 'work')).id, 'maya', { option: 'Spaces', reason: 'house style' });
    },
    LONG_MS,
  );

  it(
    'can be followed from attempt to attempt: which conversation went on, on which work, and what was answered',
    async () => {
      const { page } = served;
      await served.browsed.open(`/runs/${run.number}?step=work&tab=activity`);
      await attempt(1).locator('[data-asked]').getByText('maya answered Spaces, because: house style').waitFor();
      const [first, second] = await eventually(async () => {
        const made = await engine.record.inTx((tx) =>
          tx
            .selectFrom('attempts')
            .select(['session', 'commit', 'status'])
            .where('run_id', '=', run.id)
            .orderBy('attempt')
            .execute(),
        );
        return made[1]?.status === 'succeeded' ? made : undefined;
      }, LONG_MS);
      expect(second!.session).toBe(first!.session);
      const began = attempt(2).locator('[data-began="first"]');
      await began
        .getByText(
          `Goes on with the conversation ${first!.session!} of attempt 1, on ${first!.commit!.slice(0, 10)}, what the attempt before left.`,
        )
        .waitFor();
      await attempt(2).locator('[data-event="command"][data-failed="true"]').getByText('$ cat nowhere.txt').waitFor();
      await attempt(2).locator('[data-ended="succeeded"]').waitFor();
      await page
        .locator('[data-total]')
        .getByText(/^2 attempts together: \d+ tokens in, \d+ out, cost \$0\.\d+$/)
        .waitFor();
    },
    LONG_MS,
  );

  it('is filtered by type, by words and to what failed; the address keeps that, and the export has the same', async () => {
    const { page } = served;
    await page.getByRole('checkbox', { name: 'command' }).focus();
    await page.keyboard.press('Space');
    await attempt(1)
      .getByText(/^2 of \d+ events$/)
      .waitFor();
    await page.getByLabel('Search').fill('NOWHERE cat');
    await attempt(1)
      .getByText(/^0 of \d+ events$/)
      .waitFor();
    await attempt(2)
      .getByText(/^1 of \d+ events$/)
      .waitFor();
    await page.getByRole('switch', { name: 'Only what failed' }).focus();
    await page.keyboard.press('Space');
    await page.waitForURL(/types=command/);
    expect(await barriersOf(page)).toEqual([]);
    await page.setViewportSize(DESKTOP);
    await page.reload();
    await attempt(2)
      .getByText(/^1 of \d+ events$/)
      .waitFor();
    await served.browsed.tabTo('a[download$="-filtered.ndjson"]');
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(download.suggestedFilename()).toBe(`run-${run.number}-work-filtered.ndjson`);
    const lines = Buffer.concat((await (await download.createReadStream()).toArray()) as Buffer[]).toString();
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { step: 'work', item: null, attempt: 2, type: 'command', command: 'cat nowhere.txt', result: { ok: false } },
    ]);
  });

  it(
    'tells by list price what a program’s tokens cost that reports no cost: in the record, REST, command line and page',
    async () => {
      model.play({ command: 'echo hello > priced.txt' }, { say: 'Done.' });
      const { id, number } = await engine.run(pipeline('priced', 'codex'));
      const attempts = await engine.record.inTx((tx) =>
        tx
          .selectFrom('attempts')
          .select(['cost_usd', 'list_price', 'tokens_in', 'cache_read_tokens', 'cache_write_tokens'])
          .where('run_id', '=', id)
          .execute(),
      );
      // 120 plain, 80 of a cache, 40 out, at 1.25, 0.125 and 10 dollars a million.
      const listPrice = { usd: 0.00056, date: PRICE_TABLE.date, isMinimum: false };
      expect(attempts).toEqual([
        {
          ...{ cost_usd: null, list_price: listPrice },
          ...{ tokens_in: 200, cache_read_tokens: 80, cache_write_tokens: 0 },
        },
      ]);
      const run = (await (await served.get(`/api/runs/${number}`)).json()) as { readonly cost: unknown };
      expect(run.cost).toEqual({ usd: 0.00056, listPriceUsd: 0.00056, isMinimum: false, unknownAttempts: 0 });
      const env = { BATON_URL: served.url, BATON_TOKEN: await served.key('maya') };
      expect((await runCli(['show', String(number)], env)).stdout).toMatch(/cost +≈ \$0\.0006, list price\n/);
      await served.browsed.open(`/runs/${number}?step=work&tab=activity`);
      await attempt(1)
        .locator('[data-event="usage"]')
        .getByText(`So far 200 tokens in, 40 out, cost ≈ $0.0006, list price of ${PRICE_TABLE.date}`)
        .waitFor();
      await served.page.getByText('≈ $0.0006, list price', { exact: true }).first().waitFor();
    },
    LONG_MS,
  );

  it('says where an agent tells no events, and leads to its log', async () => {
    const { page } = served;
    const { number } = await engine.run(pipeline('untold', 'devon'));
    await served.browsed.open(`/runs/${number}?step=work&tab=activity`);
    await page.getByText('It told nothing of what it did.').waitFor();
    await page.locator('[data-usage="1"]').getByText('1,200 tokens in, 30 out, cost unknown').waitFor();
    await page.getByText('Sandbox, nothing refused').click();
    await attempt(1)
      .getByRole('row', { name: /^node none writable/ })
      .waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await page.setViewportSize(DESKTOP);
    await page.getByRole('link', { name: 'Its log' }).click();
    await page.getByRole('tab', { name: 'Log', selected: true }).waitFor();
    await served.browsed.open(`/runs/${number}?step=branch&tab=activity`);
    await page.getByText('No agent works in this step').waitFor();
  });
});

describe('a long activity', () => {
  let run: StartedRun;
  const attempt = (n: number) => served.page.locator(`[data-attempt="${n}"]`);
  const write = async (of: number, from: number, to: number): Promise<void> => {
    const at = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();
    const event = (n: number) => ({ at: at(n), type: n % 1_000 === 0 ? 'error' : 'think', text: `thought ${n}` });
    const lines = Array.from({ length: to - from }, (_, n) => `${JSON.stringify(event(from + n))}\n`);
    await engine.record.inTx(async (tx) => {
      const key = {
        organisationId: engine.record.organisationId,
        runId: run.id,
        step: 'work',
        item: null,
        attempt: of,
      };
      const file = { kind: 'events', name: 'events.ndjson', mediaType: 'application/x-ndjson' } as const;
      await appendArtifact(tx, (await openArtifact(tx, { ...key, ...file })).id, Buffer.from(lines.join('')));
    });
  };

  beforeAll(async () => {
    run = await engine.run(pipeline('long', 'idle').replace('retry: 2', 'retry: 4'));
    await write(1, 1, 3);
    await write(4, 1, 10_001);
  }, LONG_MS);

  it('shows its end, says so, and shows more where that is asked; it grows, and its export has all', async () => {
    const { page } = served;
    await served.browsed.open(`/runs/${run.number}?step=work&tab=activity`);
    await attempt(4).getByText('thought 10000').waitFor();
    await attempt(4)
      .getByText('Only the newest are here, at most 5,000: the download has all, filtered too.')
      .waitFor();
    expect(await attempt(4).locator('[data-event]').count()).toBeLessThanOrEqual(200);
    await attempt(4)
      .getByRole('button', { name: /^Show 200 earlier ones of 4,\d{3}$/ })
      .click();
    await attempt(4).getByText('thought 9650').waitFor();
    await write(4, 10_001, 10_002);
    await attempt(4).getByText('thought 10001').waitFor();
    await served.browsed.open(`/runs/${run.number}?step=work&tab=activity&types=error`);
    await attempt(4)
      .getByText(/^5 of 5,000 events/)
      .waitFor();
    const href = await page.locator('a[download$="-filtered.ndjson"]').getAttribute('href');
    const exported = (await (await served.get(href!)).text()).trim().split('\n');
    expect(exported.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(
      Array.from({ length: 10 }, (_, n) => `thought ${(n + 1) * 1_000}`),
    );
  });

  it('shows what older attempts did only where that is asked, and how each ended', async () => {
    await served.browsed.open(`/runs/${run.number}?step=work&tab=activity`);
    await attempt(1)
      .locator('[data-ended="failed"]')
      .getByText(/^Failed \(no-change\)/)
      .waitFor();
    expect(await attempt(1).locator('[data-event]').count()).toBe(0);
    await attempt(1).getByRole('button', { name: 'Show what it did' }).click();
    await attempt(1).getByText('thought 2').waitFor();
  });

  it('says where its worker was lost, and on what another took it up', async () => {
    const session = { name: 'one', step: 'work', item: null, attempt: 3 };
    const again = { at: '2026-01-01T00:00:01.500Z', commit: 'c'.repeat(40), from: 'kept', session };
    await engine.record.inTx((tx) =>
      tx
        .updateTable('attempts')
        .set({ session: 'two', executions: JSON.stringify([{ ...again, at: '2026-01-01T00:00:00.000Z' }, again]) })
        .where('run_id', '=', run.id)
        .where('attempt', '=', 1)
        .execute(),
    );
    await served.browsed.open(`/runs/${run.number}?step=work&tab=activity`);
    await attempt(1).getByRole('button', { name: 'Show what it did' }).click();
    await attempt(1)
      .locator('[data-began="again"]')
      .getByText(
        'Its worker was lost; it was taken up again. Was to go on with the conversation one of attempt 3, and began another one, on cccccccccc, the work in progress that was kept of what broke off.',
      )
      .waitFor();
    await attempt(1).getByText('thought 2').waitFor();
    const rows = `[...document.querySelectorAll('[data-attempt="1"] ol > li')].map(({ dataset }) => dataset.began ?? dataset.event)`;
    const order = await served.page.evaluate<string[]>(rows);
    expect(order).toEqual(['first', 'think', 'again', 'think']);
  });

  it('says where nothing held an attempt, and until when its provider takes no more', async () => {
    await engine.record.inTx(async (tx) => {
      const { confinements } = await tx
        .selectFrom('attempts')
        .select('confinements')
        .where('run_id', '=', run.id)
        .where('attempt', '=', 3)
        .executeTakeFirstOrThrow();
      await tx
        .updateTable('attempts')
        .set({
          confinements: JSON.stringify(confinements.map((one) => ({ ...one, isolation: 'off' }))),
          status: 'limited',
          error: JSON.stringify({ code: 'provider-limited', message: 'anthropic takes no more.' }),
          resume_at: new Date(Date.now() + 3_600_000),
        })
        .where('run_id', '=', run.id)
        .where('attempt', '=', 3)
        .execute();
    });
    await served.browsed.open(`/runs/${run.number}?step=work&tab=activity`);
    await attempt(3).getByText('Sandbox: off').click();
    await attempt(3).getByText('It worked without a sandbox (BATON_SANDBOX=off)').waitFor();
    await attempt(3)
      .locator('[data-ended="limited"]')
      .getByText(/provider-limited.*anthropic takes no more\. It may go on in (59 minutes|1 hour)/)
      .waitFor();
    expect(await barriersOf(served.page)).toEqual([]);
    await served.page.setViewportSize(DESKTOP);
  });
});

it('asked nobody but Baton for anything, and the browser refused nothing', () => {
  expect(served.browsed.complaints).toEqual([]);
});
