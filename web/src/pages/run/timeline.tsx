import { Paper, Title } from '@mantine/core';
import { memo, useEffect, useRef } from 'react';
import type { Attempt, RunDetail, Step } from '../../api/schemas';
import { useNow } from '../../components/clock';
import { isOpen, STATUS, StatusIcon } from '../../components/status';
import { Duration, formatDuration } from '../../components/time';
import { checklistCount } from './checklist';
import { stepKey } from './step-key';
import classes from './run.module.css';

const MANY = 200;
const MANY_TICK_MS = 10_000;

interface TimelineProps {
  readonly run: RunDetail;
  readonly selected: string;
  readonly onSelect: (step: string) => void;
}

/** The steps from top to bottom, each with its place in the time that the run has taken. */
export function Timeline({ run, selected, onSelect }: TimelineProps) {
  const open = isOpen(run.status);
  const tick = useNow(open);
  // A long list is drawn anew more seldom than each second.
  const now = run.steps.length > MANY ? Math.floor(tick / MANY_TICK_MS) * MANY_TICK_MS : tick;
  const start = Date.parse(run.startedAt ?? run.createdAt);
  const ends = run.steps.flatMap(({ endedAt }) => (endedAt === null ? [] : [Date.parse(endedAt)]));
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (list.current) showSelected(list.current);
  }, [selected]);
  const end = Math.max(start + 1, open ? now : run.endedAt === null ? now : Date.parse(run.endedAt), ...ends);
  return (
    <Paper component="section" withBorder py="sm" aria-labelledby="timeline" className={classes['timeline']}>
      <Title order={2} size="h5" px="sm" pb="xs" id="timeline">
        Timeline
      </Title>
      <div className={classes['scale']} aria-hidden>
        <span>0</span>
        <span>{formatDuration((end - start) / 2)}</span>
        <span>{formatDuration(end - start)}</span>
      </div>
      <ol ref={list} className={classes['steps']}>
        {run.steps.map((step) => (
          <li key={stepKey(step)} data-item={step.item !== null}>
            <TimelineStep
              step={step}
              selected={stepKey(step) === selected}
              onSelect={onSelect}
              start={start}
              end={end}
              now={now}
            />
          </li>
        ))}
      </ol>
    </Paper>
  );
}

/** Scrolls a list, and nothing around it, until the step that is selected is in sight. */
function showSelected(list: HTMLElement): void {
  const row = list.querySelector<HTMLElement>('[aria-current="true"]')?.parentElement;
  if (!row) return;
  const top = row.offsetTop - list.offsetTop;
  const inSight = top >= list.scrollTop && top + row.offsetHeight <= list.scrollTop + list.clientHeight;
  if (!inSight) list.scrollTop = top - (list.clientHeight - row.offsetHeight) / 2;
}

interface TimelineStepProps {
  readonly step: Step;
  readonly selected: boolean;
  readonly onSelect: (step: string) => void;
  readonly start: number;
  readonly end: number;
  readonly now: number;
}

const TimelineStep = memo(function TimelineStep({ step, selected, onSelect, start, end, now }: TimelineStepProps) {
  const { status, startedAt, endedAt, attempts } = step;
  const { word } = STATUS[status];
  const count = checklistCount(step);
  const own = { startedAt, endedAt, status };
  const bars = attempts.length > 0 ? attempts : startedAt === null ? [] : [own];
  const tries = attempts.length > 1 ? `, ${attempts.length} attempts` : '';
  return (
    <button
      type="button"
      className={classes['step']}
      aria-current={selected}
      data-step={stepKey(step)}
      data-status={status}
      onClick={() => onSelect(stepKey(step))}
    >
      <StatusIcon status={status} />
      <span className={classes['stepName']}>
        {step.item === null ? (
          step.name
        ) : (
          <>
            <span className="visually-hidden">{step.name}, </span>item {step.item + 1}
          </>
        )}
      </span>
      <span className={classes['stepTime']}>
        {count !== null && <strong>{count} · </strong>}
        {word}
        {tries}
        {startedAt !== null && (
          <>
            {' · '}
            <Duration from={startedAt} to={endedAt} />
          </>
        )}
      </span>
      <span className={classes['track']} aria-hidden>
        {bars.map((bar, index) => (
          <span key={index} className={classes['bar']} style={barStyle(bar, { start, end, now })} />
        ))}
      </span>
    </button>
  );
});

type Bar = Pick<Step | Attempt, 'startedAt' | 'endedAt' | 'status'>;

function barStyle(
  { startedAt, endedAt, status }: Bar,
  { start, end, now }: Pick<TimelineStepProps, 'start' | 'end' | 'now'>,
) {
  const from = Math.max(start, Date.parse(startedAt ?? ''));
  const to = endedAt === null ? Math.max(from, now) : Date.parse(endedAt);
  const percent = (ms: number) => `${Math.min(100, Math.max(0, (ms / (end - start)) * 100))}%`;
  return {
    left: `min(${percent(from - start)}, calc(100% - 3px))`,
    width: percent(to - from),
    background: `var(--fill-${STATUS[status].colour})`,
  };
}
