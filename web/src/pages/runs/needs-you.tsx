import { Paper, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import {
  approvalCountQuery,
  questionCountQuery,
  waitingApprovalsQuery,
  waitingQuestionsQuery,
} from '../../api/queries';
import type { Approval, Question } from '../../api/schemas';
import { LinkAnchor, LinkButton } from '../../components/links';
import { runTitle } from '../../components/run-name';
import { Ago } from '../../components/time';
import classes from './runs.module.css';

const SHOWN = 3;

/** What stands still until I decide, the longest waiting first. */
export function NeedsYou() {
  const { data } = useInfiniteQuery(waitingApprovalsQuery('me'));
  const { data: counted } = useQuery(approvalCountQuery);
  const { data: asked } = useQuery(waitingQuestionsQuery('me'));
  const { data: countedQuestions } = useQuery(questionCountQuery);
  const approvals = data?.pages[0]?.items ?? [];
  const questions = asked?.items ?? [];
  const first = [...approvals.map(ofApproval), ...questions.map(ofQuestion)].sort((a, b) =>
    a.since.localeCompare(b.since),
  );
  if (first.length === 0) return null;
  const count =
    Math.max(approvals.length, counted?.mine ?? 0) + Math.max(questions.length, countedQuestions?.mine ?? 0);
  return (
    <Paper component="section" withBorder px="md" py="sm" className={classes['needs']} aria-labelledby="needs-you">
      <Title order={2} size="h5" id="needs-you">
        {count === 1 ? 'One decision waits for you' : `${count} decisions wait for you`}
      </Title>
      {first.slice(0, SHOWN).map((waiting) => (
        <Ask key={waiting.id} waiting={waiting} />
      ))}
      {count > SHOWN && (
        <LinkAnchor to="/approvals" size="sm">
          and {count - SHOWN} more
        </LinkAnchor>
      )}
    </Paper>
  );
}

interface Waiting {
  readonly id: string;
  readonly run: Approval['run'];
  readonly what: string;
  readonly since: string;
  readonly verb: 'Review' | 'Answer';
}

const ofApproval = ({ id, run, step, requestedAt }: Approval): Waiting => ({
  id,
  run,
  what: step.name,
  since: requestedAt,
  verb: 'Review',
});

const ofQuestion = ({ id, run, step, text, askedAt }: Question): Waiting => ({
  id,
  run,
  what: `${step.name}: ${text}`,
  since: askedAt,
  verb: 'Answer',
});

function Ask({ waiting: { id, run, what, since, verb } }: { readonly waiting: Waiting }) {
  return (
    <div className={classes['ask']}>
      <div>
        <LinkAnchor to="/runs/$run" params={{ run: String(run.number) }} fw={600} lineClamp={2}>
          #{run.number} {runTitle(run)}
        </LinkAnchor>
        <Text size="sm" c="dimmed" lineClamp={2}>
          {what}, asked <Ago time={since} />
        </Text>
      </div>
      <LinkButton to="/approvals" hash={id} size="sm" aria-label={`${verb} #${run.number} ${runTitle(run)}`}>
        {verb}
      </LinkButton>
    </div>
  );
}
