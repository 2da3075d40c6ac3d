import { resolve } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import { findChromium, WITHOUT_CHROMIUM } from '../../scripts/setup/chromium.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The page as it is built. */
export const WEB_DIRECTORY = resolve(import.meta.dirname, '../../dist/web');

export const DESKTOP = { width: 1280, height: 900 };
export const TELEPHONE = { width: 390, height: 844 };
/** What a browser takes to draw anew. */
const SETTLED_MS = 5_000;

/** A real browser. The caller closes it. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(WITHOUT_CHROMIUM);
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/** What the browser complains of: refused scripts and styles, exceptions, requests to other places. */
export function complaintsOf(context: BrowserContext, ownUrl: string): readonly string[] {
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
  });
  context.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(ownUrl)) complaints.push(`asked ${request.url()}`);
  });
  return complaints;
}

/** A colour on its way from one scheme to the other is neither. */
const TRANSITIONS_END = `Promise.allSettled(
  document.getAnimations().filter((each) => each instanceof CSSTransition).map(({ finished }) => finished),
).then(() => undefined)`;

/** What is wrong with what is on the screen now: on a telephone and on a desk, in dark and in light. */
export async function barriersOf(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const viewport of [TELEPHONE, DESKTOP]) {
    await page.setViewportSize(viewport);
    await eventually(() => page.evaluate<boolean>(`window.innerWidth === ${viewport.width}`));
    const fits = () => page.evaluate<boolean>('document.documentElement.scrollWidth <= window.innerWidth');
    await eventually(fits, SETTLED_MS).catch(() => found.push(`wider than ${viewport.width} px`));
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.locator(`:root[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
      await page.evaluate(TRANSITIONS_END);
      found.push(...(await barriersIn(page)).map((barrier) => `${colorScheme}, ${viewport.width}: ${barrier}`));
    }
  }
  return found;
}

/** What axe finds wrong with the page for people who use a keyboard, a screen reader or weak eyes. */
async function barriersIn(page: Page): Promise<readonly string[]> {
  // Half a megabyte to parse: once a document.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const rules = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] }";
  // What passed is not brought out of the browser: it is as large as the page.
  return page.evaluate<string[]>(`axe.run(document, ${rules}).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 160))))`);
}
