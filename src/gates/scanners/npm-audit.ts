import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Severity } from '../../domain/gate.js';
import { withoutCredentials } from '../../domain/source-address.js';
import type { ScanFinding, ToolReport } from '../../domain/scan.js';
import { readInside } from '../../sandbox/read-inside.js';
import { lineOfText, type LockFile } from './lock-files.js';
import { parseJson } from './parse-json.js';
import { runTool, unclear } from './run-tool.js';
import type { ScanContext } from './scanner.js';

export const NPM_AUDIT = 'npm audit';
const SEVERITY: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'high',
  moderate: 'medium',
  low: 'low',
  info: 'info',
};

/** A version with advisories that every registry knows: one that does not tell of it tells of nothing. */
const PLANTED = {
  name: 'planted',
  version: '1.0.0',
  lockfileVersion: 3,
  packages: {
    '': { name: 'planted', version: '1.0.0', dependencies: { lodash: '4.17.15' } },
    'node_modules/lodash': { version: '4.17.15', resolved: 'https://registry.npmjs.org/lodash/-/lodash-4.17.15.tgz' },
  },
};

const advisory = z.object({
  dependency: z.string(),
  title: z.string(),
  url: z.string(),
  severity: z.string(),
  range: z.string(),
});
const report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      via: z.array(z.union([z.string(), advisory])),
      fixAvailable: z.union([z.boolean(), z.object({ name: z.string(), version: z.string() })]),
    }),
  ),
});
const refusal = z.object({ message: z.string(), statusCode: z.number().optional() });

/**
 * npm audit of the lock files that npm makes, by what the registry in use knows now. Copies of them, in a folder that has
 * nothing else of the checkout: a change could name another registry, which is anything that the network reaches.
 */
export async function npmAudit(context: ScanContext, files: readonly LockFile[]): Promise<ToolReport> {
  if (!context.network)
    return unclear(
      NPM_AUDIT,
      'it has no network',
      'Set `network: true` on the step: it asks the npm registry for advisories.',
    );
  const planted = await audit(context, 'planted', JSON.stringify(PLANTED));
  if (planted.kind === 'failed') return planted.report;
  if (!planted.found.some(({ name }) => name === 'lodash'))
    return unclear(
      NPM_AUDIT,
      `the registry ${withoutCredentials(context.npm.registry)} knows no advisory, not even of lodash 4.17.15`,
      'Set npm_config_registry to one that has advisories, such as https://registry.npmjs.org.',
    );
  const findings: ScanFinding[] = [];
  for (const [index, file] of files.entries()) {
    const audited = await audit(context, `lock-${index}`, file.text);
    if (audited.kind === 'failed') return { ...audited.report, findings };
    findings.push(...audited.found.map((found) => toFinding(found, file)));
  }
  return {
    tool: NPM_AUDIT,
    findings,
    proof: `${withoutCredentials(context.npm.registry)} told of what was planted, on ${new Date().toISOString()}`,
    inconclusive: null,
  };
}

interface Advisory {
  readonly name: string;
  readonly title: string;
  readonly url: string;
  readonly severity: string;
  readonly range: string;
  readonly fix: string | null;
}

type Audited =
  | { readonly kind: 'done'; readonly found: readonly Advisory[] }
  | { readonly kind: 'failed'; readonly report: ToolReport };

async function audit(context: ScanContext, name: string, lock: string): Promise<Audited> {
  const folder = join(context.policy.home, 'audit', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package-lock.json'), lock);
  await writeFile(join(folder, '.npmrc'), context.npm.npmrc);
  const { ran, failed } = await runTool(
    {
      tool: NPM_AUDIT,
      argv: [
        ...['/bin/sh', '-c', `cd "$HOME/audit/${name}" && exec npm "$@" > report.json`, 'npm'],
        ...['audit', '--json', '--package-lock-only', '--ignore-scripts'],
      ],
      env: {
        npm_config_registry: context.npm.registry,
        npm_config_fetch_retries: '1',
        npm_config_fetch_timeout: '30000',
      },
      needs: [],
      network: true,
      exitCodes: [0, 1],
    },
    context,
  );
  if (failed) return { kind: 'failed', report: failed };
  const text =
    (await readInside(context.policy.home, `audit/${name}/report.json`, 64 * 1024 * 1024))?.toString('utf8') ?? '';
  const said = parseJson(text);
  const parsed = report.safeParse(said);
  if (parsed.success) return { kind: 'done', found: advisoriesOf(parsed.data) };
  const refused = refusal.safeParse(said);
  const why = refused.success ? refused.data.message : ran.tail.trim().slice(-300) || 'it said nothing';
  const mend = `${withoutCredentials(context.npm.registry)} gives no advisories: set npm_config_registry to one that does, such as https://registry.npmjs.org.`;
  return { kind: 'failed', report: unclear(NPM_AUDIT, why, mend) };
}

const advisoriesOf = ({ vulnerabilities }: z.infer<typeof report>): Advisory[] =>
  Object.values(vulnerabilities).flatMap(({ via, fixAvailable }) =>
    via.flatMap((cause) =>
      typeof cause === 'string'
        ? []
        : [{ ...cause, name: cause.dependency, fix: describeFix(fixAvailable, cause.dependency) }],
    ),
  );

const describeFix = (
  fix: z.infer<typeof report>['vulnerabilities'][string]['fixAvailable'],
  name: string,
): string | null => {
  if (typeof fix !== 'boolean') return `npm install ${fix.name}@${fix.version}`;
  return fix ? `npm update ${name}` : null;
};

function toFinding({ name, title, url, severity, range, fix }: Advisory, { path, text }: LockFile): ScanFinding {
  const id = /GHSA-[\w-]+/.exec(url)?.[0] ?? url;
  return {
    rule: `advisory/${id}`,
    severity: SEVERITY[severity] ?? 'medium',
    message: `${name} ${range}: ${title} (${url})`,
    file: path,
    line: lineOfText(text, `node_modules/${name}"`),
    fix,
    anchor: name,
  };
}
