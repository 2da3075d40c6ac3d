import { Feed } from '../../src/api/feed/feed.js';
import { createApiKey } from '../../src/db/people.js';
import { createApiMetrics } from '../../src/telemetry/metrics.js';
import type { Engine } from '../support/engine.js';
import { listenForApp } from '../support/serve-app.js';
import { BrowserPage } from './browser-page.js';
import { WEB_DIRECTORY } from './page-browser.js';

const LINK_MS = 60_000;

/** The built page in a real browser, served by a real API over the record of runs that are really worked on. */
export async function openEnginePage(engine: Engine) {
  const app = await listenForApp();
  const { db, databaseUrl, forge, temporal, taskQueue, deps } = engine;
  const metrics = createApiMetrics();
  const { log } = deps;
  const feed = new Feed({ db, databaseUrl, log, metrics });
  const stopping = new AbortController();
  app.serve({
    ...{ db, forge, temporal, taskQueue, log, metrics, feed, baseUrl: null, webDirectory: WEB_DIRECTORY },
    ...{ stopping: stopping.signal, checkAnswers: true },
    // The test starts the runs itself.
    dispatcher: { wake: () => undefined },
  });
  feed.start();
  const browsed = await BrowserPage.at(app.url);
  const keyOf = (handle: string, kind: 'key' | 'sign-in'): Promise<string> => {
    const { organisationId, personId } = engine.person(handle);
    const expiresAt = new Date(Date.now() + LINK_MS);
    return engine.record.inTx((tx) =>
      createApiKey(tx, { organisationId, personId, label: kind, kind, ...(kind === 'sign-in' && { expiresAt }) }),
    );
  };
  return {
    url: app.url,
    browsed,
    page: browsed.page,
    signIn: async (handle: string): Promise<void> => browsed.signInBy(await keyOf(handle, 'sign-in')),
    /** A GET with a key of somebody's. */
    get: async (path: string, handle = 'maya'): Promise<Response> =>
      fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${await keyOf(handle, 'key')}` } }),
    /** A key of somebody's. */
    key: (handle: string): Promise<string> => keyOf(handle, 'key'),
    close: async (): Promise<void> => {
      stopping.abort();
      await browsed.close();
      await Promise.all([app.close(), feed.stop()]);
    },
  };
}

export type EnginePage = Awaited<ReturnType<typeof openEnginePage>>;
