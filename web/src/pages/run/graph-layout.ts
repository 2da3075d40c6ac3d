import { Graph, layout } from '@dagrejs/dagre';
import type { GraphNode } from '../../api/schemas';

export const NODE_WIDTH = 134;
export const NODE_HEIGHT = 74;
const BETWEEN_RANKS = 22;
const BETWEEN_NODES = 16;
/** Rings of focus and selection need room around the outermost nodes. */
const MARGIN = 10;

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** Upper left corner of each node. */
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
}

/** Where each step of a plan is drawn: what depends on it to its right. */
export function layOut(nodes: readonly Pick<GraphNode, 'id' | 'dependsOn'>[]): GraphLayout {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: BETWEEN_NODES, ranksep: BETWEEN_RANKS, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { id, dependsOn } of nodes) for (const before of dependsOn) graph.setEdge(before, id);
  layout(graph);
  const places = new Map(
    nodes.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
      return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }] as const;
    }),
  );
  const right = Math.max(0, ...[...places.values()].map(({ x }) => x + NODE_WIDTH));
  const bottom = Math.max(0, ...[...places.values()].map(({ y }) => y + NODE_HEIGHT));
  return { width: right + MARGIN, height: bottom + MARGIN, places };
}
