import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createApiKey } from '../../src/db/people.js';
import type { OrganisationRole } from '../../src/db/schema.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { complaintsOf, DESKTOP, launchBrowser } from './page-browser.js';

const PATIENCE_MS = 20_000;
const LINK_MS = 60_000;

/** The built page in a real browser, served by a real API over a record that tests write: for states that a run of the demo does not come to. */
export class ServedPage {
  private constructor(
    readonly api: ServedApi,
    readonly context: BrowserContext,
    readonly page: Page,
    /** What the browser complained of. */
    readonly complaints: readonly string[],
    readonly browser: Browser,
  ) {}

  static async start(): Promise<ServedPage> {
    const [api, browser] = await Promise.all([
      serveApi({ webDirectory: resolve(import.meta.dirname, '../../dist/web') }),
      launchBrowser(),
    ]);
    const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE_MS);
    const complaints = complaintsOf(context, api.url);
    return new ServedPage(api, context, await context.newPage(), complaints, browser);
  }

  /** By a link, as people do. */
  async signIn(as: OrganisationRole): Promise<void> {
    const { record, url } = this.api;
    const token = await record.inTx((tx) =>
      createApiKey(tx, {
        organisationId: record.organisationId,
        personId: record.people[as].id,
        label: 'link',
        kind: 'sign-in',
        expiresAt: new Date(Date.now() + LINK_MS),
      }),
    );
    await this.context.clearCookies();
    await this.page.goto(`${url}/sign-in?token=${token}`);
    await this.page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
  }

  /** Opens an address, and waits until the page has all that it shows. */
  async open(path: string): Promise<void> {
    await this.page.goto(`${this.api.url}${path}`);
    await this.page.locator('[data-live="live"]').first().waitFor();
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    await this.page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
  }

  /** Goes on with the Tab key until something has the focus. */
  async tabTo(selector: string): Promise<void> {
    for (let presses = 0; presses < 80; presses++) {
      await this.page.keyboard.press('Tab');
      if (await this.page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    }
    throw new Error(`the Tab key does not come to ${selector}`);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.api.close();
  }
}
