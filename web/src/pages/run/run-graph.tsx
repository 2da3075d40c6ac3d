import '@xyflow/react/dist/base.css';
import { Button } from '@mantine/core';
import { MarkerType, ReactFlow, type Edge } from '@xyflow/react';
import { ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { RunDetail, Step, StepStatus } from '../../api/schemas';
import { STATUS } from '../../components/status';
import { useWidth } from '../../components/use-width';
import { fitFrame } from './graph-frame';
import { layOut, NODE_HEIGHT, NODE_WIDTH, type GraphLayout } from './graph-layout';
import { GraphStep, type GraphStepNode } from './graph-step';
import { useSight, type Sight } from './use-sight';
import classes from './run.module.css';

interface RunGraphProps {
  readonly run: RunDetail;
  /** Id of a step. */
  readonly selected: string;
  readonly onSelect: (step: string) => void;
}

const NODE_TYPES = { step: GraphStep };
/** Of more steps only those near what is in sight are drawn. */
const MANY = 100;

/**
 * The steps of a run as a graph, coloured by their state as it changes. One that is larger than its frame is scrolled
 * as anything else is: by wheel, finger, or going from step to step with the keyboard.
 */
export default function RunGraph({ run, selected, onSelect }: RunGraphProps) {
  const { ref, width } = useWidth<HTMLElement>();
  const frame = useRef<HTMLDivElement>(null);
  const [whole, setWhole] = useState(false);
  const shape = JSON.stringify(run.graph.nodes.map(({ id, dependsOn }) => ({ id, dependsOn })));
  const layout = useMemo(() => layOut(JSON.parse(shape) as { id: string; dependsOn: string[] }[]), [shape]);
  const { zoom, height, fits } = fitFrame(layout, width, whole);
  const sight = useSight(frame, zoom, run.graph.nodes.length > MANY);
  const { nodes, edges } = useMemo(
    () => draw(run, layout.places, sight, selected, onSelect),
    [run, layout, sight, selected, onSelect],
  );
  const place = layout.places.get(selected);
  useEffect(() => {
    if (frame.current && place && width > 0) show(frame.current, place, zoom);
  }, [place, zoom, width]);

  return (
    <section ref={ref} className={classes['graph']} aria-label="Steps as a graph">
      <div ref={frame} className={classes['frame']} style={{ height }} data-zoom={zoom}>
        <div style={{ width: layout.width * zoom, height: layout.height * zoom, margin: '0 auto' }}>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={NODE_TYPES}
            viewport={{ x: 0, y: 0, zoom }}
            minZoom={zoom}
            maxZoom={zoom}
            nodesDraggable={false}
            nodesConnectable={false}
            nodesFocusable={false}
            edgesFocusable={false}
            elementsSelectable={false}
            panOnDrag={false}
            zoomOnScroll={false}
            zoomOnPinch={false}
            zoomOnDoubleClick={false}
            preventScrolling={false}
            proOptions={{ hideAttribution: true }}
          />
        </div>
      </div>
      {(!fits || whole) && (
        <div className={classes['fit']}>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={whole ? <ZoomIn size={14} aria-hidden /> : <ZoomOut size={14} aria-hidden />}
            onClick={() => setWhole(!whole)}
          >
            {whole ? 'Readable size' : `All ${run.graph.nodes.length} steps at once`}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Scrolls a frame so that a step is in its middle, where it is not in sight already. */
function show(frame: HTMLElement, { x, y }: { readonly x: number; readonly y: number }, zoom: number): void {
  const [left, top, right, bottom] = [x, y, x + NODE_WIDTH, y + NODE_HEIGHT].map((length) => length * zoom) as [
    number,
    number,
    number,
    number,
  ];
  const { scrollLeft, scrollTop, clientWidth, clientHeight } = frame;
  const inSight =
    left >= scrollLeft && right <= scrollLeft + clientWidth && top >= scrollTop && bottom <= scrollTop + clientHeight;
  if (!inSight) frame.scrollTo({ left: (left + right - clientWidth) / 2, top: (top + bottom - clientHeight) / 2 });
}

function draw(
  run: RunDetail,
  places: GraphLayout['places'],
  sight: Sight,
  selected: string,
  onSelect: (step: string) => void,
) {
  const whole = new Map<string, Step>(run.steps.filter(({ item }) => item === null).map((step) => [step.id, step]));
  const items = Map.groupBy(
    run.steps.filter(({ item }) => item !== null),
    ({ id }) => id,
  );
  const statusOf = (id: string): StepStatus => whole.get(id)?.status ?? 'pending';
  const nodes = run.graph.nodes.flatMap((node): GraphStepNode[] => {
    const position = places.get(node.id);
    if (!position || !isSeen(position, sight)) return [];
    const own = items.get(node.id);
    return [
      {
        id: node.id,
        type: 'step',
        position,
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
        data: {
          name: node.name,
          status: statusOf(node.id),
          startedAt: whole.get(node.id)?.startedAt ?? null,
          endedAt: whole.get(node.id)?.endedAt ?? null,
          items: own ? { done: own.filter(({ status }) => status === 'succeeded').length, total: own.length } : null,
          attempts: whole.get(node.id)?.attempts.length ?? 0,
          selected: node.id === selected,
          onSelect,
        },
      },
    ];
  });
  const drawn = new Set(nodes.map(({ id }) => id));
  const edges = run.graph.nodes.flatMap(({ id, dependsOn }) =>
    dependsOn
      .filter((before) => drawn.has(id) && drawn.has(before))
      .map((before): Edge => {
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

const isSeen = ({ x, y }: { readonly x: number; readonly y: number }, { left, top, right, bottom }: Sight): boolean =>
  x + NODE_WIDTH >= left && x <= right && y + NODE_HEIGHT >= top && y <= bottom;
