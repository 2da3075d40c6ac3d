import { Link } from '@tanstack/react-router';
import type { Run } from '../../api/schemas';
import { runTitle } from '../../components/run-name';
import { isOpen, StatusBadge } from '../../components/status';
import { Ago, Duration } from '../../components/time';
import classes from './runs.module.css';

export function RunRow({ run }: { readonly run: Run }) {
  const { number, status, pipeline, repository, issue, briefing, requestedBy, createdAt, startedAt, endedAt, error } =
    run;
  // A run without an issue is called as its pipeline already.
  const place = [repository, issue && pipeline.name].filter((part) => part !== null).join(' · ');
  return (
    <li>
      <Link to="/runs/$run" params={{ run: String(number) }} className={classes['row']}>
        <span className={classes['state']}>
          <StatusBadge status={status} />
        </span>
        <span className={classes['what']}>
          <span className={classes['title']} title={runTitle({ issue, pipeline: pipeline.name })}>
            <span style={{ color: 'var(--mantine-color-dimmed)' }}>#{number}</span>{' '}
            {runTitle({ issue, pipeline: pipeline.name })}
          </span>
          <div className={classes['briefing']} title={briefing}>
            {error?.message ?? briefing}
          </div>
        </span>
        <span className={classes['meta']}>
          {place !== '' && (
            <>
              {place}
              <br />
            </>
          )}
          {issue ? `issue #${issue.number}, ` : ''}asked by {requestedBy.handle}
        </span>
        <span className={classes['when']}>
          <Ago time={createdAt} />
          <br />
          <span style={{ color: 'var(--mantine-color-dimmed)' }}>
            {isOpen(status) ? 'for ' : 'took '}
            <Duration from={startedAt ?? createdAt} to={endedAt} />
          </span>
        </span>
      </Link>
    </li>
  );
}
