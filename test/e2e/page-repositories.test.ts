import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startRealWorker } from '../api/real-worker.js';
import { seed } from '../support/seed.js';
import { barriersOf } from './page-browser.js';
import { ServedPage } from './served-page.js';

const MINUTE = 60_000;
const FILES = {
  'package.json': JSON.stringify({
    name: 'x',
    type: 'module',
    scripts: { test: 'node --test', lint: 'echo the cause; exit 3 # broken' },
  }),
  'add.js': 'export const add = (a, b) => a + b;\n',
  'test/adds.test.js': `import { test } from 'node:test';
import { add } from '../add.js';
test('adds', () => void add(1, 2));
`,
};

let served: ServedPage;
let page: Page;
let worker: { stop(): Promise<void> } | undefined;

beforeAll(async () => {
  served = await ServedPage.start();
  ({ page } = served);
  worker = await startRealWorker(served.api);
}, 2 * MINUTE);

afterAll(async () => {
  await worker?.stop();
  await served.close();
}, MINUTE);

const button = (name: string) => page.getByRole('button', { name });
const existingOf = async (repository: string) =>
  (JSON.parse((await served.api.get(`/api/repositories/${repository}/proposal`)).text) as { existing: string | null })
    .existing;

async function add(name: string, files: Readonly<Record<string, string>> = FILES): Promise<void> {
  await served.open('/repositories');
  await page.getByLabel('Path or URL').fill(await seed(files));
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `Set up ${name}`, level: 1 }).waitFor();
}

it(
  'adds a repository: the proposal, a live trial, a corrected text that is tried again, and the accepted file',
  async () => {
    await served.signIn('admin');
    await served.open('/repositories');
    await page.getByLabel('Path or URL').fill('library');
    await button('Add repository').click();
    await page.getByText('Enter an absolute path, or an https, ssh or git URL').waitFor();
    expect(await barriersOf(page)).toEqual([]);

    // A source whose HEAD tells no default branch: the form asks for it in its own field.
    const unclear = await mkdtemp(join(tmpdir(), 'baton-unclear-'));
    await cp(await seed(FILES), unclear, { recursive: true });
    await writeFile(join(unclear, 'HEAD'), 'ref: refs/heads/none\n');
    await page.getByLabel('Path or URL').fill(unclear);
    await button('Add repository').click();
    await page.getByText('Enter one of the branches named below').waitFor();
    await page.getByText(/needs to know its default branch. Its branches are: main\./).waitFor();
    expect(await page.getByText('--default-branch').count()).toBe(0);
    expect(await barriersOf(page)).toEqual([]);
    await rm(unclear, { recursive: true });

    await add('library');
    await page.getByText('npm (package.json)').waitFor();
    const editor = page.getByLabel('.baton/repository.yaml');
    const proposed = await editor.inputValue();
    expect(proposed).toContain('npm run --silent lint');
    expect(await button('Accept and commit').isDisabled()).toBe(true);
    await editor.fill('test:\n  command: x\n  comand: x\n');
    await button('Try it in the sandbox').click();
    await button('Line 3, column 3').waitFor();
    expect(await barriersOf(page)).toEqual([]);

    // Its output is on the page while it runs.
    await editor.fill('test: { command: "echo half way; sleep 300", silence: never }\n');
    await button('Try it in the sandbox').click();
    await page.locator('[data-gate="tests"][data-verdict="running"]').waitFor();
    await page.getByLabel('Log of the trial', { exact: true }).getByText('half way').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await button('Stop the trial').click();
    await page.getByText('The trial was stopped.').waitFor();

    await button('Use the proposal').click();
    await button('Try again').click();
    await page.locator('[data-gate="tests"][data-verdict="pass"]').getByText('the tests pass: 1 of 1').waitFor();
    const lint = page.locator('[data-gate="lint"][data-verdict="fail"]');
    await lint.getByText('the cause').waitFor();
    await page.getByText(/Did not pass: lint/).waitFor();
    expect(await barriersOf(page)).toEqual([]);

    await page.getByText('You can accept only what passed, without lint.').waitFor();
    await button('Accept only what passed').click();
    await page.getByText('main has this configuration.').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(await existingOf('library')).toMatch(/^(?!.*^lint:).*^test:/ms);

    await editor.fill(proposed.replace(/npm run --silent lint/, 'echo clean'));
    await button('Try again').click();
    await page.getByText('Everything passed.', { exact: true }).waitFor();
    await button('Accept and replace the file').click();
    await page.getByText('main has this configuration.').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(await existingOf('library')).toContain('echo clean');
    expect(served.complaints).toEqual([]);
  },
  2 * MINUTE,
);

it(
  'keeps a repository without the file, and undoes an import after a second click',
  async () => {
    await served.signIn('admin');
    await add('spare', { ...FILES, '.gitattributes': '*.bin filter=lfs\n' });
    await page.getByRole('alert').getByText('LFS').waitFor();
    await button('Keep it without the file').click();
    await page.locator('[data-repository="spare"]').getByRole('link', { name: 'spare' }).click();
    expect(await existingOf('spare')).toBeNull();

    await button('Undo: remove the repository').click();
    expect(await barriersOf(page)).toEqual([]);
    await button('Remove spare').click();
    await page.getByRole('heading', { name: 'Repositories', level: 1 }).waitFor();
    await page.locator('[data-repository="spare"]').waitFor({ state: 'detached' });
    expect((await served.api.get('/api/repositories/spare')).status).toBe(404);

    await served.open('/repositories/spare');
    await page.getByText('The set-up cannot be shown').waitFor();
    expect(await barriersOf(page)).toEqual([]);
  },
  MINUTE,
);

it(
  'shows a reader what is proposed, without the buttons of an admin',
  async () => {
    await served.api.post('/api/repositories', { name: 'seen', source: await seed(FILES) });
    await served.signIn('reader');
    await served.open('/repositories/seen');
    await page.getByText('Only admins may try or accept a configuration').waitFor();
    expect(await page.getByRole('button', { name: /Try|Accept|Undo/ }).count()).toBe(0);
  },
  MINUTE,
);
