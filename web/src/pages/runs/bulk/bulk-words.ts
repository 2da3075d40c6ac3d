import type { BulkAction } from '../../../api/schemas';
import type { RunFilter } from '../../../api/queries';

interface Words {
  readonly act: string;
  readonly what: string;
  /** What became of a run. */
  readonly done: string;
}

export const BULK: Readonly<Record<BulkAction, Words>> = {
  pause: {
    act: 'Pause',
    what: 'Nothing new starts in them until somebody resumes them. A step that runs is let finish.',
    done: 'paused',
  },
  resume: { act: 'Resume', what: 'They go on where they were paused.', done: 'goes on' },
  cancel: {
    act: 'Cancel',
    what: 'Their agents are stopped and their steps clean up. What was committed stays, and each can be repeated.',
    done: 'cancelled',
  },
  rerun: {
    act: 'Rerun',
    what: 'For each a new run takes over what was finished, and goes on from the step that it ended at.',
    done: 'repeated',
  },
};

export const countOf = (runs: number): string => (runs === 1 ? 'one run' : `${runs} runs`);

/** The filter of the page, in words. */
export function filterWords(action: BulkAction, { status, repository, pipeline, q }: RunFilter): string {
  const state = status ?? (action === 'rerun' ? 'failed or cancelled' : 'open');
  const more = [
    repository && `in ${repository}`,
    pipeline && `of ${pipeline}`,
    q !== undefined && q !== '' && `with “${q}”`,
  ].filter(Boolean);
  return [`Runs that are ${state}`, ...more].join(', ');
}
