import type { RunDetail, RunRef } from '../../api/schemas';

/** The run whose result of a step this one took over, being a rerun from a later step; null where it ran here. */
export function takenOverFrom({ graph, lineage }: Pick<RunDetail, 'graph' | 'lineage'>, step: string): RunRef | null {
  const { rerunOf, rerunFrom } = lineage;
  if (rerunOf === null || rerunFrom === null) return null;
  const again = new Set([rerunFrom]);
  for (let before = 0; before < again.size;) {
    before = again.size;
    for (const { id, dependsOn } of graph.nodes) if (dependsOn.some((other) => again.has(other))) again.add(id);
  }
  return again.has(step) ? null : rerunOf;
}
