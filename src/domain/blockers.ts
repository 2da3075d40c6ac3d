/** For each task the tasks that it waits for. */
export type Blockers = ReadonlyMap<string, readonly string[]>;

/**
 * The way round that there would be if `task` waited for `blocker` as well: from the task over what it waits for back to
 * itself; null where there is none.
 */
export function cycleOf(blockers: Blockers, task: string, blocker: string): readonly string[] | null {
  const cameFrom = new Map([[blocker, task]]);
  const open = [blocker];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === task) return wayTo(cameFrom, task);
    for (const next of blockers.get(at) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      open.push(next);
    }
  }
  return null;
}

function wayTo(cameFrom: ReadonlyMap<string, string>, task: string): readonly string[] {
  const way = [task];
  do way.unshift(cameFrom.get(way[0]!)!);
  while (way[0] !== task);
  return way;
}
