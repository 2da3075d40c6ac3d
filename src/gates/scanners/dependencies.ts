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
  const audit = npm.length > 0 ? await npmAudit(context, npm) : null;
  // The database of npm is large: it is needed only where the registry tells nothing.
  const open = audit && !audit.inconclusive ? others : [...npm.map(({ path }) => path), ...others];
  const osv = open.length > 0 ? await osvScanner(context, open) : null;
  if (!osv?.inconclusive) return [locks, ...(audit && !audit.inconclusive ? [audit] : []), ...(osv ? [osv] : [])];
  const { why, mend } = osv.inconclusive;
  const unread = others.length > 0 ? `${why}, and nothing else reads ${others.join(', ')}` : why;
  return [locks, ...(audit ? [audit] : []), unclear(OSV_SCANNER, unread, mend, osv.findings)];
}
