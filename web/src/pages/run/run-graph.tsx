import '@xyflow/react/dist/base.css';
import { useElementSize } from '@mantine/hooks';
import { Controls, MarkerType, ReactFlow, ReactFlowProvider, useReactFlow, type Edge } from '@xyflow/react';
import { useEffect, useMemo } from 'react';
import type { RunDetail, Step, StepStatus } from '../../api/schemas';
import { STATUS } from '../../components/status';
import { layOut, NODE_HEIGHT, NODE_WIDTH } from './graph-layout';
import { GraphStep, type GraphStepNode } from './graph-step';
import classes from './run.module.css';

interface RunGraphProps {
  readonly run: RunDetail;
  /** Id of a step. */
  readonly selected: string;
  readonly onSelect: (step: string) => void;
}

/** Smaller than this the names cannot be read: a wider graph is moved, not shrunk. */
const MIN_ZOOM = 0.75;
const MAX_HEIGHT = 460;
const NODE_TYPES = { step: GraphStep };

/** The steps of a run as a graph, coloured by their state as it changes. */
export default function RunGraph(props: RunGraphProps) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

function Graph({ run, selected, onSelect }: RunGraphProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const { setViewport } = useReactFlow();
  const shape = JSON.stringify(run.graph.nodes.map(({ id, dependsOn }) => ({ id, dependsOn })));
  const layout = useMemo(() => layOut(JSON.parse(shape) as { id: string; dependsOn: string[] }[]), [shape]);
  const { nodes, edges } = useMemo(
    () => draw(run, layout.places, selected, onSelect),
    [run, layout, selected, onSelect],
  );

  const zoom = width === 0 ? 1 : Math.min(1, Math.max(MIN_ZOOM, width / layout.width));
  const height = Math.min(MAX_HEIGHT, layout.height * zoom);
  const fits = layout.width * zoom <= width + 1 && layout.height * zoom <= height + 1;
  const place = layout.places.get(selected);
  const x = fits
    ? (width - layout.width * zoom) / 2
    : shift(width, layout.width * zoom, ((place?.x ?? 0) + NODE_WIDTH / 2) * zoom);
  const y = fits ? 0 : shift(height, layout.height * zoom, ((place?.y ?? 0) + NODE_HEIGHT / 2) * zoom);
  useEffect(() => void setViewport({ x, y, zoom }), [setViewport, x, y, zoom]);

  return (
    <section ref={ref} className={classes['graph']} style={{ height: height + 2 }} aria-label="Steps as a graph">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        defaultViewport={{ x, y, zoom }}
        minZoom={MIN_ZOOM / 2}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        // The page scrolls as everywhere; only a graph that does not fit can be moved.
        panOnDrag={!fits}
        zoomOnScroll={false}
        zoomOnPinch={!fits}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        attributionPosition="bottom-right"
        proOptions={{ hideAttribution: true }}
      >
        {!fits && <Controls showInteractive={false} />}
      </ReactFlow>
    </section>
  );
}

/** How far a picture that is too large is moved, so that a point of it is in the middle, and no edge inside the frame. */
function shift(frame: number, size: number, point: number): number {
  if (size <= frame) return (frame - size) / 2;
  return Math.min(0, Math.max(frame - size, frame / 2 - point));
}

function draw(
  run: RunDetail,
  places: ReadonlyMap<string, { x: number; y: number }>,
  selected: string,
  onSelect: (step: string) => void,
) {
  const whole = new Map<string, Step>(run.steps.filter(({ item }) => item === null).map((step) => [step.id, step]));
  const statusOf = (id: string): StepStatus => whole.get(id)?.status ?? 'pending';
  const nodes = run.graph.nodes.map((node): GraphStepNode => {
    const items = run.steps.filter(({ id, item }) => id === node.id && item !== null);
    return {
      id: node.id,
      type: 'step',
      position: places.get(node.id) ?? { x: 0, y: 0 },
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      data: {
        name: node.name,
        status: statusOf(node.id),
        startedAt: whole.get(node.id)?.startedAt ?? null,
        endedAt: whole.get(node.id)?.endedAt ?? null,
        items:
          items.length === 0
            ? null
            : { done: items.filter(({ status }) => status === 'succeeded').length, total: items.length },
        attempts: whole.get(node.id)?.attempts.length ?? 0,
        selected: node.id === selected,
        onSelect,
      },
    };
  });
  const edges = run.graph.nodes.flatMap(({ id, dependsOn }) =>
    dependsOn.map((before): Edge => {
      const colour = `var(--fill-${STATUS[statusOf(before)].colour})`;
      return {
        id: `${before}>${id}`,
        source: before,
        target: id,
        animated: statusOf(id) === 'running',
        style: { stroke: colour, strokeWidth: 1.5 },
        markerEnd: { type: MarkerType.ArrowClosed, color: colour, width: 14, height: 14 },
      };
    }),
  );
  return { nodes, edges };
}
