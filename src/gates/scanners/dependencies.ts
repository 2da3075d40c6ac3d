import type { ToolReport } from '../../domain/scan.js';
import { dependencyFiles } from './lock-files.js';
import { npmAudit } from './npm-audit.js';
import { OSV_SCANNER, osvScanner } from './osv-scanner.js';
import { unclear } from './run-tool.js';
import type { ScanContext } from './scanner.js';

/**
 * Known weaknesses of what the lock files name. npm's are looked up by npm audit or by osv-scanner: one whose data can be
 * had is enough. Those of others only osv-scanner reads.
 */
export async function dependencies(context: ScanContext): Promise<ToolReport[]> {
  const { npm, others, unlocked } = await dependencyFiles(context.policy.workspace.path);
  const locks: ToolReport =
    unlocked.length > 0
      ? unclear(
          'lock files',
          `${unlocked.join(', ')} names dependencies, and no lock file says which versions`,
          'Commit the lock file of the package manager.',
        )
      : { tool: 'lock files', findings: [], proof: `${npm.length + others.length} there`, inconclusive: null };
  if (npm.length + others.length === 0) return [locks];
  const osv = await osvScanner(context, [...npm.map(({ path }) => path), ...others]);
  const audit = npm.length > 0 ? await npmAudit(context, npm) : null;
  return [locks, ...enough(osv, audit, others)];
}

/** Of two that can do the same, the one that could not is left out where the other could. */
function enough(osv: ToolReport, audit: ToolReport | null, others: readonly string[]): ToolReport[] {
  if (!audit) return [osv];
  if (!osv.inconclusive) return audit.inconclusive ? [osv] : [audit, osv];
  if (!audit.inconclusive && others.length === 0) return [audit];
  const unread =
    others.length === 0
      ? osv
      : unclear(
          OSV_SCANNER,
          `${osv.inconclusive.why}, and nothing else reads ${others.join(', ')}`,
          osv.inconclusive.mend,
        );
  return [audit, unread];
}
