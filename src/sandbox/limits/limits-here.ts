import { findControlGroups } from './find-control-groups.js';

/** What holds the limits of sandboxes on this host, as people read it. */
export async function limitsHere(isolation: 'bubblewrap' | 'off'): Promise<string> {
  if (isolation === 'off') return 'memory and disk are watched; processes, file sizes and CPUs are not limited';
  const rest = 'processes and file sizes by the kernel, disk is watched';
  const groups = await findControlGroups();
  if (!groups) return `memory is watched (no control group can be made here), CPUs are not limited, ${rest}`;
  const held = groups.below.cpu === null ? 'memory' : 'memory and CPUs';
  const not = groups.below.cpu === null ? ', CPUs are not limited' : '';
  return `${held} by control groups (cgroup v${groups.version})${not}, ${rest}`;
}
