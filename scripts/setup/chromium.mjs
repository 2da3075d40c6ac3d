import { chromium } from 'playwright-core';
import { canInstallWithApt, installWithApt } from './apt.mjs';
import { isExecutable, onPath } from './run.mjs';

const aptTimeoutMs = 5 * 60_000;

export const WITHOUT_CHROMIUM =
  'MISSING: no Chromium. Install one (npx playwright-core install chromium; Debian: apt-get install chromium), ' +
  'or set BATON_CHROMIUM to its path; the test of the page fails until then';

/** The path of a Chromium: the one that is asked for, Playwright's own, or one of this machine; undefined where there is none. */
export function findChromium() {
  if (process.env.BATON_CHROMIUM) return process.env.BATON_CHROMIUM;
  const known = [
    chromium.executablePath(),
    onPath('chromium'),
    onPath('chromium-browser'),
    onPath('google-chrome'),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  return known.find((path) => path && isExecutable(path));
}

/** Drives the page in the tests. Its absence does not end the set-up: the test that needs it says so itself. */
export async function ensureChromium({ announce }) {
  const found = findChromium();
  if (found) return found;
  if (!canInstallWithApt()) return WITHOUT_CHROMIUM;
  announce('installing chromium with apt-get, as root, which takes a minute');
  const failure = await installWithApt('chromium', aptTimeoutMs);
  return failure ? `${WITHOUT_CHROMIUM} (${failure.split('\n').at(-1)})` : (findChromium() ?? WITHOUT_CHROMIUM);
}
