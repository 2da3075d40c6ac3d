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
import { RiskBadge } from '../approvals/risk-facts';
import classes from './runs.module.css';

const SHOWN = 3;

/** What stands still until I decide, the riskiest first, of those the longest waiting. */
export function NeedsYou() {
  const { data } = useInfiniteQuery(waitingApprovalsQuery('me'));
  const { data: counted } = useQuery(approvalCountQuery);
  const { data: asked } = useQuery(waitingQuestionsQuery('me'));
  const { data: countedQuestions } = useQuery(questionCountQuery);
  const approvals = data?.pages[0]?.items ?? [];
  const questions = asked?.items ?? [];
  const first = [...approvals.map(ofApproval), ...questions.map(ofQuestion)].sort(
    (a, b) => a.rank - b.rank || a.since.localeCompare(b.since),
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
  readonly run: Question['run'];
  readonly what: string;
  readonly since: string;
  readonly risk: Approval['risk'];
  readonly rank: number;
  readonly verb: 'Review' | 'Answer';
}

/** Unknown risk counts as high; an agent that asks stands still, so its question comes before what can wait. */
const RANK = { high: 0, medium: 2, low: 3 } as const;
const QUESTION_RANK = 1;

const ofApproval = ({ id, run, step, requestedAt, risk }: Approval): Waiting => ({
  id,
  run,
  what: step.name,
  since: requestedAt,
  risk,
  rank: RANK[risk?.tier ?? 'high'],
  verb: 'Review',
});

const ofQuestion = ({ id, run, step, text, askedAt }: Question): Waiting => ({
  id,
  run,
  what: `${step.name}: ${text}`,
  since: askedAt,
  risk: null,
  rank: QUESTION_RANK,
  verb: 'Answer',
});

function Ask({ waiting: { id, run, what, since, verb, risk } }: { readonly waiting: Waiting }) {
  return (
    <div className={classes['ask']}>
      <div>
        <LinkAnchor to="/runs/$run" params={{ run: String(run.number) }} fw={600} lineClamp={2}>
          #{run.number} {runTitle(run)}
        </LinkAnchor>
        <Text size="sm" c="dimmed" lineClamp={2}>
          {what}, asked <Ago time={since} />
        </Text>
        {risk && <RiskBadge tier={risk.tier} />}
      </div>
      <LinkButton to="/approvals" hash={id} size="sm" aria-label={`${verb} #${run.number} ${runTitle(run)}`}>
        {verb}
      </LinkButton>
    </div>
  );
}
