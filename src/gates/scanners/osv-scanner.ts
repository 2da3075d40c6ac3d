import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Severity } from '../../domain/gate.js';
import type { ScanFinding, ToolReport } from '../../domain/scan.js';
import { checkoutPath } from './checkout-path.js';
import { findTool } from './find-tools.js';
import { osvDatabases } from './osv-databases.js';
import { ecosystemOf, PLANTED } from './osv-ecosystems.js';
import { parseJson } from './parse-json.js';
import { runTool, unclear } from './run-tool.js';
import type { ScanContext } from './scanner.js';

export const OSV_SCANNER = 'osv-scanner';
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

/**
 * osv-scanner of all lock files, by databases that lie on this host: without one it calls everything clean, so each that
 * is needed must be there and be young, and must know of a weakness that is planted for it.
 */
export async function osvScanner(context: ScanContext, paths: readonly string[]): Promise<ToolReport> {
  const { home, workspace } = context.policy;
  const program = findTool(OSV_SCANNER, context.settings.cacheDirectory);
  if (program === null)
    return unclear(
      OSV_SCANNER,
      'it is not installed',
      "Run `npm run setup:osv-scanner` in Baton's folder, or put it on the PATH of the worker (https://google.github.io/osv-scanner).",
    );
  const ecosystems = [...new Set(paths.map(ecosystemOf))].sort();
  const databases = await osvDatabases(context, ecosystems);
  if (databases.lacking) return databases.lacking;

  // Given, none of the repository counts, which could tell it what to pass over.
  const config = 'osv/osv-scanner.toml';
  await mkdir(join(home, 'osv'), { recursive: true });
  await writeFile(join(home, config), '');
  for (const name of ecosystems) {
    await mkdir(join(home, 'osv', name), { recursive: true });
    await writeFile(join(home, 'osv', name, PLANTED[name]!.file), PLANTED[name]!.text);
  }
  const planted = ecosystems.map((name) => `-L "$HOME/osv/${name}/${PLANTED[name]!.file}"`).join(' ');
  const { ran, failed } = await runTool(
    {
      tool: OSV_SCANNER,
      argv: [
        ...['/bin/sh', '-c', `exec "$0" "$@" --config "$HOME/${config}" ${planted}`, program],
        ...['scan', 'source', '--offline', '--format', 'json', '--verbosity', 'error', '--no-call-analysis', 'all'],
        ...paths.flatMap((path) => ['-L', path]),
      ],
      // Older versions take the first, newer ones the second.
      env: {
        OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY: databases.folder,
        OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY: databases.folder,
      },
      needs: [program, databases.folder],
      // Found something, which it must: at the least what is planted.
      exitCodes: [0, 1],
    },
    context,
  );
  if (failed) return failed;
  const found = readReport(ran.stdout, workspace.path);
  if (!found) return unclear(OSV_SCANNER, 'its report cannot be read', 'Install osv-scanner 2.');
  // Below the home: not a path of the repository.
  const isPlanted = ({ file }: ScanFinding) => file?.startsWith('/') ?? false;
  const findings = found.filter((finding) => !isPlanted(finding));
  const blind = ecosystems.filter(
    (name) => !found.some(({ file }) => file?.endsWith(`/osv/${name}/${PLANTED[name]!.file}`)),
  );
  if (blind.length > 0)
    return unclear(
      OSV_SCANNER,
      `it does not know of ${blind.map((name) => PLANTED[name]!.package).join(', ')}`,
      `Remove ${blind.map((name) => join(databases.folder, OSV_SCANNER, name)).join(', ')}, and download these databases anew.`,
      findings,
    );
  return {
    tool: OSV_SCANNER,
    findings,
    proof: `found what was planted for it; databases of ${databases.oldest.toISOString()} or younger`,
    inconclusive: null,
  };
}

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
