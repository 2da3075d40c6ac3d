import { Graph, layout } from '@dagrejs/dagre';
import type { GraphNode } from '../../api/schemas';

export const NODE_WIDTH = 134;
export const NODE_HEIGHT = 74;
const BETWEEN_RANKS = 22;
const BETWEEN_NODES = 16;
/** Rings of focus and selection need room around the outermost nodes. */
const MARGIN = 10;
/** Beyond so many steps the layout that has the fewest crossings takes seconds. */
const MANY = 150;

type PlacedNode = Pick<GraphNode, 'id' | 'dependsOn'>;
type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** Upper left corner of each node. */
  readonly places: Places;
}

/** Where each step of a plan is drawn: what depends on it to its right. */
export function layOut(nodes: readonly PlacedNode[]): GraphLayout {
  const places = nodes.length > MANY ? inColumns(nodes) : untangled(nodes);
  const right = Math.max(0, ...[...places.values()].map(({ x }) => x + NODE_WIDTH));
  const bottom = Math.max(0, ...[...places.values()].map(({ y }) => y + NODE_HEIGHT));
  return { width: right + MARGIN, height: bottom + MARGIN, places };
}

function untangled(nodes: readonly PlacedNode[]): Places {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: BETWEEN_NODES, ranksep: BETWEEN_RANKS, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { id, dependsOn } of nodes) for (const before of dependsOn) graph.setEdge(before, id);
  layout(graph);
  return new Map(
    nodes.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
      return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }] as const;
    }),
  );
}

/** One column for each step of the longest way to a node, in the order of the plan. */
function inColumns(nodes: readonly PlacedNode[]): Places {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const columns = new Map<string, number>();
  const columnOf = (id: string): number => {
    const known = columns.get(id);
    if (known !== undefined) return known;
    const column = Math.max(0, ...(byId.get(id)?.dependsOn ?? []).map((before) => columnOf(before) + 1));
    columns.set(id, column);
    return column;
  };
  const inColumn = Map.groupBy(nodes, ({ id }) => columnOf(id));
  const most = Math.max(0, ...[...inColumn.values()].map(({ length }) => length));
  return new Map(
    [...inColumn].flatMap(([column, members]) =>
      members.map(({ id }, row) => [
        id,
        {
          x: MARGIN + column * (NODE_WIDTH + BETWEEN_RANKS),
          y: MARGIN + (row + (most - members.length) / 2) * (NODE_HEIGHT + BETWEEN_NODES),
        },
      ]),
    ),
  );
}
