import type { Browser, BrowserContext, Page } from 'playwright-core';
import { complaintsOf, DESKTOP, launchBrowser } from './page-browser.js';

const PATIENCE_MS = 20_000;

/** The built page at an address, in a real browser. */
export class BrowserPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained of. */
  readonly complaints: readonly string[];
  readonly #url: string;
  readonly #browser: Browser;

  protected constructor(url: string, { browser, context, page }: Opened) {
    this.#url = url;
    this.#browser = browser;
    this.context = context;
    this.page = page;
    this.complaints = complaintsOf(context, url);
  }

  static async at(url: string): Promise<BrowserPage> {
    return new BrowserPage(url, await BrowserPage.launch());
  }

  protected static async launch(): Promise<Opened> {
    const browser = await launchBrowser();
    const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE_MS);
    return { browser, context, page: await context.newPage() };
  }

  /** By a link with this token, as people do. */
  async signInBy(token: string): Promise<void> {
    await this.context.clearCookies();
    await this.page.goto(`${this.#url}/sign-in?token=${token}`);
    await this.page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
  }

  /** Opens an address, and waits until the page has all that it shows. */
  async open(path: string): Promise<void> {
    await this.page.goto(`${this.#url}${path}`);
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
    await this.#browser.close();
  }
}

interface Opened {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
}
