import { createApiKey } from '../../src/db/people.js';
import type { OrganisationRole } from '../../src/db/schema.js';
import { serveApi, type ServedApi } from '../api/served-api.js';
import { BrowserPage } from './browser-page.js';
import { WEB_DIRECTORY } from './page-browser.js';

const LINK_MS = 60_000;

/** The built page in a real browser, served by a real API over a record that tests write: for states that a run of the demo does not come to. */
export class ServedPage extends BrowserPage {
  readonly api: ServedApi;

  private constructor(api: ServedApi, opened: Awaited<ReturnType<typeof BrowserPage.launch>>) {
    super(api.url, opened);
    this.api = api;
  }

  static async start(): Promise<ServedPage> {
    const [api, opened] = await Promise.all([serveApi({ webDirectory: WEB_DIRECTORY }), BrowserPage.launch()]);
    return new ServedPage(api, opened);
  }

  /** By a link, as people do. */
  async signIn(as: OrganisationRole): Promise<void> {
    const { record } = this.api;
    const token = await record.inTx((tx) =>
      createApiKey(tx, {
        organisationId: record.organisationId,
        personId: record.people[as].id,
        label: 'link',
        kind: 'sign-in',
        expiresAt: new Date(Date.now() + LINK_MS),
      }),
    );
    await this.signInBy(token);
  }

  override async close(): Promise<void> {
    await super.close();
    await this.api.close();
  }
}
