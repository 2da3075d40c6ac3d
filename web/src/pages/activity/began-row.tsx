import { Play, RotateCcw } from 'lucide-react';
import type { Attempt, Execution } from '../../api/schemas';
import { Commit } from '../../components/commit';
import { ClockTime } from './clock-time';
import classes from './activity.module.css';

interface BeganRowProps {
  readonly attempt: Attempt;
  readonly step: string;
  /** Which of the attempt's executions. */
  readonly index: number;
  readonly execution: Execution;
}

/** Where an attempt was begun, or taken up again by another worker: on which conversation, and on which work. */
export function BeganRow({ attempt, step, index, execution }: BeganRowProps) {
  const { at, commit, session } = execution;
  const Icon = index === 0 ? Play : RotateCcw;
  return (
    <li className={classes['row']} data-began={index === 0 ? 'first' : 'again'}>
      <ClockTime at={at} />
      <span className={classes['type']}>
        <Icon size={14} aria-hidden /> {index === 0 ? 'began' : 'again'}
      </span>
      <div className={classes['what']}>
        {index > 0 && 'Its worker was lost; it was taken up again. '}
        {session === null ? (
          'A new conversation'
        ) : (
          <>
            {attempt.session === null || attempt.session === session.name ? 'Goes on with' : 'Was to go on with'} the
            conversation <code className={classes['code']}>{session.name}</code> of{' '}
            {session.step === step ? '' : `the step ${session.step}, `}attempt {session.attempt}
            {attempt.session !== null && attempt.session !== session.name && ', and began another one'}
          </>
        )}
        , on <Commit id={commit} />, {WHAT[execution.from]}.
      </div>
    </li>
  );
}

const WHAT: Readonly<Record<Execution['from'], string>> = {
  branch: 'where the branch stood',
  previous: 'what the attempt before left',
  kept: 'the work in progress that was kept of what broke off',
};
