import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Severity } from '../../domain/gate.js';
import type { ScanFinding, ToolReport } from '../../domain/scan.js';
import { checkoutPath } from './checkout-path.js';
import { findTool } from './find-tools.js';
import { parseJson } from './parse-json.js';
import { runTool, unclear } from './run-tool.js';
import type { ScanContext } from './scanner.js';

export const OSV_SCANNER = 'osv-scanner';
const DAY_MS = 24 * 3600_000;
const MAX_AGE_DAYS = 7;
/** A version with a known advisory in each kind of lock file that can be planted. */
const PLANTED_PACKAGE = { name: 'lodash', version: '4.17.15' };
const PLANTED = {
  name: 'planted',
  lockfileVersion: 3,
  packages: { 'node_modules/lodash': { version: PLANTED_PACKAGE.version } },
};

const report = z.object({
  results: z
    .array(
      z.object({
        source: z.object({ path: z.string() }),
        packages: z.array(
          z.object({
            package: z.object({ name: z.string(), version: z.string() }),
            vulnerabilities: z
              .array(
                z.object({
                  id: z.string(),
                  aliases: z.array(z.string()).default([]),
                  summary: z.string().default(''),
                  database_specific: z.looseObject({ severity: z.string().optional() }).default({}),
                }),
              )
              .default([]),
          }),
        ),
      }),
    )
    .nullable(),
});

/** The database of an ecosystem, by the names that osv.dev gives them. */
const ECOSYSTEM: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'].map((name) => [
      name,
      'npm',
    ]),
  ),
  ...Object.fromEntries(
    ['poetry.lock', 'uv.lock', 'pdm.lock', 'Pipfile.lock', 'requirements.txt'].map((name) => [name, 'PyPI']),
  ),
  ...{ 'go.mod': 'Go', 'Cargo.lock': 'crates.io', 'pom.xml': 'Maven', 'gradle.lockfile': 'Maven' },
  ...{ 'Gemfile.lock': 'RubyGems', 'composer.lock': 'Packagist', 'mix.lock': 'Hex', 'pubspec.lock': 'Pub' },
};

/**
 * osv-scanner of all lock files, by databases that lie on this host: without one it calls everything clean, so each that
 * is needed must be there and be young.
 */
export async function osvScanner(context: ScanContext, paths: readonly string[]): Promise<ToolReport> {
  const { cacheDirectory } = context.settings;
  const program = findTool(OSV_SCANNER, cacheDirectory);
  if (program === null)
    return unclear(
      OSV_SCANNER,
      'it is not installed',
      'Put osv-scanner on the PATH of the worker (https://google.github.io/osv-scanner).',
    );
  const databases = join(cacheDirectory, 'osv');
  const needed = ['npm', ...new Set(paths.map((path) => ECOSYSTEM[path.split('/').at(-1)!]!))];
  const ages = await Promise.all(needed.map((name) => ageMs(join(databases, 'osv-scanner', name, 'all.zip'))));
  const lacking = needed.filter((_, index) => !(ages[index]! < MAX_AGE_DAYS * DAY_MS));
  if (lacking.length > 0) {
    const places = [...new Set(lacking)].map(
      (name) =>
        `https://osv-vulnerabilities.storage.googleapis.com/${name}/all.zip to ${databases}/osv-scanner/${name}/all.zip`,
    );
    return unclear(
      OSV_SCANNER,
      `it has no database of ${[...new Set(lacking)].join(', ')} that is younger than ${MAX_AGE_DAYS} days`,
      `Download ${places.join(', ')}, every day.`,
    );
  }

  const planted = 'osv/package-lock.json';
  // Given, none of the repository counts, which could tell it what to pass over.
  const config = 'osv/osv-scanner.toml';
  await mkdir(join(context.policy.home, 'osv'), { recursive: true });
  await writeFile(join(context.policy.home, planted), JSON.stringify(PLANTED));
  await writeFile(join(context.policy.home, config), '');
  const { ran, failed } = await runTool(
    {
      tool: OSV_SCANNER,
      argv: [
        ...['/bin/sh', '-c', `exec "$0" "$@" --config "$HOME/${config}" -L "$HOME/${planted}"`, program],
        ...['scan', 'source', '--offline', '--format', 'json', '--verbosity', 'error'],
        ...paths.flatMap((path) => ['-L', path]),
      ],
      env: { OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: databases },
      needs: [program, databases],
      // Found something, which it must: at the least what is planted.
      exitCodes: [0, 1],
    },
    context,
  );
  if (failed) return failed;
  const found = readReport(ran.stdout, context.policy.workspace.path);
  if (!found) return unclear(OSV_SCANNER, 'its report cannot be read', 'Install osv-scanner 2.');
  // Below the home: not a path of the repository.
  const isPlanted = ({ file }: ScanFinding) => file?.startsWith('/') ?? false;
  const findings = found.filter((finding) => !isPlanted(finding));
  if (!found.some(isPlanted))
    return unclear(
      OSV_SCANNER,
      `it does not know of ${PLANTED_PACKAGE.name} ${PLANTED_PACKAGE.version}`,
      `Download its databases to ${databases} anew.`,
      findings,
    );
  const oldest = Math.max(...ages);
  return {
    tool: OSV_SCANNER,
    findings,
    proof: `found what was planted for it; databases of ${new Date(Date.now() - oldest).toISOString()} or younger`,
    inconclusive: null,
  };
}

/** Infinite where there is none. */
const ageMs = (file: string): Promise<number> =>
  stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => Infinity,
  );

function readReport(text: string, workspace: string): ScanFinding[] | null {
  const parsed = report.safeParse(parseJson(text));
  if (!parsed.success) return null;
  return (parsed.data.results ?? []).flatMap(({ source, packages }) =>
    packages.flatMap(({ package: { name, version }, vulnerabilities }) =>
      vulnerabilities.map(({ id, aliases, summary, database_specific }): ScanFinding => ({
        rule: `advisory/${[id, ...aliases].find((known) => known.startsWith('GHSA-')) ?? id}`,
        severity: severityOf(database_specific.severity),
        message: `${name} ${version}: ${summary} (https://osv.dev/${id})`,
        file: checkoutPath(source.path, workspace),
        line: null,
        fix: `Update ${name} to a version that ${id} does not name.`,
        anchor: name,
      })),
    ),
  );
}

function severityOf(word = 'high'): Severity {
  const lower = word.toLowerCase();
  if (lower === 'moderate') return 'medium';
  return (['critical', 'high', 'medium', 'low'] as const).find((known) => known === lower) ?? 'high';
}
