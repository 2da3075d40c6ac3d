import { createListedRun } from '../api/listed-run.js';
import { barriersOf } from './page-browser.js';
import { ServedPage } from './served-page.js';

const MINUTE = 60_000;

let served: ServedPage;
beforeAll(async () => {
  served = await ServedPage.start();
  await served.signIn('author');
}, 2 * MINUTE);
afterAll(() => served.close(), MINUTE);

it(
  'shows what is to do in a step and how far it is, live, with who marked it and what is next',
  async () => {
    const { page } = served;
    const run = await createListedRun(served.api.record, 'listed');
    await run.before(240, 240, 240);
    await served.open(`/runs/${run.number}`);
    await page.getByRole('heading', { name: 'build' }).waitFor();
    expect(await page.getByRole('region', { name: 'Checklist' }).count()).toBe(0);

    await run.list('required', 'Write docs');
    await run.list('agent', 'Find it', 'Mend it');
    const list = page.getByRole('region', { name: 'Checklist' });
    await list.getByRole('status').getByText('0/3 done, usually takes 4 min 0 s in all').waitFor();
    expect(await list.locator('[aria-current="step"]').innerText()).toContain('Write docs');

    await run.mark('Write docs', 'done', 'in README.md');
    await list.getByRole('progressbar', { name: '1 of 3 items are done' }).waitFor();
    const [first] = await list.getByRole('listitem').all();
    expect(await first!.innerText()).toMatch(/done:\s*Write docs\s+required\s+devon-listed, .*: in README\.md/);
    expect(await list.locator('[aria-current="step"]').innerText()).toContain('Find it');
    await page.locator('[data-step="build"]').getByText('1/3').waitFor();
    await page.getByText('0/2, checklist 1/3').waitFor();

    await run.mark('Find it', 'failed', 'it is not there');
    await list.locator('[data-item-status="failed"]').getByText('it is not there').waitFor();
    expect(await barriersOf(page)).toEqual([]);
    expect(served.complaints).toEqual([]);
  },
  2 * MINUTE,
);
