import { constants } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DependencyUpdate } from '../domain/dependency-update.js';
import { BatonError } from '../domain/errors.js';
import { withoutCredentials } from '../domain/source-address.js';
import { readInside } from '../sandbox/read-inside.js';
import { npmAudit } from './scanners/npm-audit.js';
import { parseJson } from './scanners/parse-json.js';
import { runTool } from './scanners/run-tool.js';
import type { ScanContext } from './scanners/scanner.js';

/** What says which packages an npm project stands on. */
export interface NpmFiles {
  readonly manifest: string;
  readonly lock: string;
}

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_CHANGELOG_BYTES = 4 * 1024 * 1024;

const outdated = z.record(
  z.string(),
  z.union([z.object({ latest: z.string() }), z.array(z.object({ latest: z.string() })).min(1)]),
);
const lockFile = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

/**
 * What of an npm project could be newer, by what the registry has, and what must be, by its advisories. Copies of its
 * files, in a folder that has nothing else: the repository's settings could name another registry.
 *
 * @throws BatonError `updates-unknown` where the registry does not say.
 */
export async function findUpdates(context: ScanContext, files: NpmFiles): Promise<readonly DependencyUpdate[]> {
  const folder = await layOut(context, 'outdated', files);
  await npm(context, folder, 'npm outdated --json > report.json', [], [0, 1]);
  const said = outdated.safeParse(parseJson(await readBack(context, `${folder}/report.json`)));
  if (!said.success) throw unknown(context, 'does not say which versions there are');
  const audited = await npmAudit(context, [{ path: 'package-lock.json', text: files.lock }]);
  if (audited.inconclusive) throw unknown(context, audited.inconclusive.why);

  const installed = versionsOf(files.lock);
  const vulnerable = new Set(audited.findings.flatMap(({ anchor }) => anchor ?? []));
  const newest = new Map(
    Object.entries(said.data).map(([name, of]) => [name, (Array.isArray(of) ? of[0]! : of).latest]),
  );
  return [...new Set([...newest.keys(), ...vulnerable])].flatMap((name) => {
    const from = installed.get(name);
    const to = newest.get(name) ?? null;
    return from === undefined || from === to ? [] : [{ name, from, to, vulnerable: vulnerable.has(name) }];
  });
}

/** The versions at the top of the tree, by name. */
function versionsOf(lock: string): ReadonlyMap<string, string> {
  const parsed = lockFile.safeParse(parseJson(lock));
  const entries = Object.entries(parsed.success ? parsed.data.packages : {});
  return new Map(
    entries.flatMap(([path, { version }]) => {
      const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
      return name === undefined || version === undefined ? [] : [[name, version] as const];
    }),
  );
}

/** The project's files with the updates in them; no script of a package runs. Throws `update-failed`. */
export async function updateFiles(
  context: ScanContext,
  files: NpmFiles,
  updates: readonly DependencyUpdate[],
): Promise<NpmFiles> {
  const folder = await layOut(context, 'update', files);
  const quiet = '--package-lock-only --ignore-scripts --no-audit --no-fund';
  const named = updates.flatMap(({ name, to }) => (to === null ? [] : [`${name}@${to}`]));
  const others = updates.flatMap(({ name, to }) => (to === null ? [name] : []));
  if (named.length > 0) await npm(context, folder, `npm install ${quiet} -- "$@"`, named);
  if (others.length > 0) await npm(context, folder, `npm update ${quiet} -- "$@"`, others);
  return {
    manifest: await readBack(context, `${folder}/package.json`),
    lock: await readBack(context, `${folder}/package-lock.json`),
  };
}

/** The changelog that comes with a version of a package; empty where it brings none. */
export async function changelogOf(context: ScanContext, name: string, version: string): Promise<string> {
  const folder = 'updates/changelog';
  await mkdir(join(context.policy.home, folder), { recursive: true });
  await writeFile(join(context.policy.home, folder, '.npmrc'), context.npm.npmrc);
  const script = `rm -f *.tgz changelog.md; npm pack --silent --ignore-scripts -- "$@" > /dev/null 2>&1 &&
tar -xzOf *.tgz package/CHANGELOG.md > changelog.md 2> /dev/null || : > changelog.md`;
  await npm(context, folder, script, [`${name}@${version}`]);
  return readBack(context, `${folder}/changelog.md`, MAX_CHANGELOG_BYTES).catch(() => '');
}

/** Installs what the files name in a folder of its own, no script of a package runs. Where that is; null: it cannot be. */
export async function installFiles(context: ScanContext, files: NpmFiles): Promise<string | null> {
  const folder = await layOut(context, 'install', files);
  const script = 'npm ci --ignore-scripts --no-audit --no-fund || touch failed';
  await npm(context, folder, script, []);
  const failed = await readInside(context.policy.home, `${folder}/failed`, 0);
  return failed === null ? join(context.policy.home, folder) : null;
}

async function layOut(
  { policy, npm: { npmrc } }: ScanContext,
  name: string,
  { manifest, lock }: NpmFiles,
): Promise<string> {
  const folder = `updates/${name}`;
  await mkdir(join(policy.home, folder), { recursive: true });
  await writeFile(join(policy.home, folder, 'package.json'), manifest);
  await writeFile(join(policy.home, folder, 'package-lock.json'), lock);
  await writeFile(join(policy.home, folder, '.npmrc'), npmrc);
  return folder;
}

/** Runs npm in a folder below the sandbox's home, with the host's network; `$@` are the words. */
async function npm(
  context: ScanContext,
  folder: string,
  script: string,
  words: readonly string[],
  exitCodes: readonly number[] = [0],
): Promise<void> {
  const { failed } = await runTool(
    {
      tool: 'npm',
      argv: ['/bin/sh', '-c', `cd "$HOME/${folder}" && { ${script}\n}`, 'npm', ...words],
      env: {
        npm_config_registry: context.npm.registry,
        npm_config_fetch_retries: '1',
        npm_config_fetch_timeout: '30000',
      },
      needs: [],
      network: true,
      exitCodes,
    },
    context,
  );
  if (failed?.inconclusive) throw new BatonError('update-failed', `npm failed: ${failed.inconclusive.why}.`);
}

async function readBack({ policy }: ScanContext, path: string, maxBytes = MAX_BYTES): Promise<string> {
  return (await readInside(policy.home, path, maxBytes))?.toString('utf8') ?? '';
}

const unknown = ({ npm: { registry } }: ScanContext, why: string): BatonError =>
  new BatonError(
    'updates-unknown',
    `Which packages could be newer is not known: ${withoutCredentials(registry)} ${why}. Set npm_config_registry to one that does, such as https://registry.npmjs.org.`,
  );

/** Puts the files into a worktree; a link in the place of one is not followed. */
export async function writeFiles(root: string, { manifest, lock }: NpmFiles): Promise<void> {
  for (const [name, text] of [
    ['package.json', manifest],
    ['package-lock.json', lock],
  ] as const) {
    const file = await open(join(root, name), constants.O_WRONLY | constants.O_TRUNC | constants.O_NOFOLLOW);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  }
}
