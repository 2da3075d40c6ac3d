interface Node {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/**
 * Nodes in an order in which each comes after all that it depends on, stable for equal choices; or the first cycle,
 * step by step, its first node repeated at the end. Dependencies on unknown ids are ignored here.
 */
export function sortTopologically<T extends Node>(
  nodes: readonly T[],
):
  | { readonly kind: 'sorted'; readonly nodes: readonly T[] }
  | { readonly kind: 'cycle'; readonly path: readonly string[] } {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const state = new Map<string, 'open' | 'done'>();
  const sorted: T[] = [];

  for (const root of nodes) {
    const path: { readonly node: T; next: number }[] = [];
    if (!state.has(root.id)) path.push({ node: root, next: 0 });
    while (path.length > 0) {
      const top = path.at(-1)!;
      state.set(top.node.id, 'open');
      const dependency = top.node.dependsOn[top.next++];
      if (dependency === undefined) {
        state.set(top.node.id, 'done');
        sorted.push(top.node);
        path.pop();
        continue;
      }
      const node = byId.get(dependency);
      if (!node || state.get(dependency) === 'done') continue;
      if (state.get(dependency) === 'open') {
        const ids = path.map((entry) => entry.node.id);
        return { kind: 'cycle', path: [...ids.slice(ids.indexOf(dependency)), dependency] };
      }
      path.push({ node, next: 0 });
    }
  }
  return { kind: 'sorted', nodes: sorted };
}

/** All that come after `id`, directly or not, `id` itself included. */
export function descendants(nodes: readonly Node[], id: string): ReadonlySet<string> {
  const found = new Set([id]);
  for (let grown = true; grown;) {
    grown = false;
    for (const node of nodes) {
      if (found.has(node.id) || !node.dependsOn.some((dependency) => found.has(dependency))) continue;
      found.add(node.id);
      grown = true;
    }
  }
  return found;
}

/** All that come before `id`, directly or not. `nodes` are sorted topologically. */
export function ancestors(nodes: readonly Node[], id: string): ReadonlySet<string> {
  const found = new Set([id]);
  for (const node of [...nodes].reverse()) {
    if (found.has(node.id)) for (const dependency of node.dependsOn) found.add(dependency);
  }
  found.delete(id);
  return found;
}
