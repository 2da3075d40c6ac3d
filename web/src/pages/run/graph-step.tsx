import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import type { StepStatus } from '../../api/schemas';
import { STATUS, StatusIcon } from '../../components/status';
import { Duration } from '../../components/time';
import classes from './run.module.css';

export type GraphStepNode = Node<
  {
    readonly name: string;
    readonly status: StepStatus;
    readonly startedAt: string | null;
    readonly endedAt: string | null;
    readonly items: { readonly done: number; readonly total: number } | null;
    readonly attempts: number;
    readonly selected: boolean;
    readonly onSelect: (step: string) => void;
  },
  'step'
>;

/** One step in the graph: a button, so that keyboards and screen readers need nothing of the graph's. */
export function GraphStep({ id, data }: NodeProps<GraphStepNode>) {
  const { name, status, startedAt, endedAt, items, attempts, selected, onSelect } = data;
  const { word, colour } = STATUS[status];
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  return (
    <>
      <Handle type="target" position={Position.Left} className={classes['handle']} isConnectable={false} />
      <button
        type="button"
        className={`${classes['node']} nopan`}
        style={{ ['--node' as string]: `var(--fill-${colour})` }}
        data-node={id}
        data-status={status}
        aria-current={selected}
        title={`${name}: ${word}${tries}`}
        onClick={() => onSelect(id)}
        // By itself a browser is content with half of it.
        onFocus={({ currentTarget }) => currentTarget.scrollIntoView({ block: 'nearest', inline: 'nearest' })}
      >
        <span className={classes['nodeName']}>{name}</span>
        <span className={classes['nodeState']}>
          <StatusIcon status={status} size={14} />
          {items ? (
            <>
              <span className="visually-hidden">{word}, </span>
              {items.done}/{items.total}
            </>
          ) : (
            word
          )}
          {startedAt !== null && status !== 'skipped' && (
            <span style={{ marginLeft: 'auto', color: 'var(--mantine-color-dimmed)' }}>
              <Duration from={startedAt} to={endedAt} coarse />
            </span>
          )}
        </span>
      </button>
      <Handle type="source" position={Position.Right} className={classes['handle']} isConnectable={false} />
    </>
  );
}
