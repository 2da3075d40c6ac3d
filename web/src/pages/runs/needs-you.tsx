import { Paper, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { approvalCountQuery, waitingApprovalsQuery } from '../../api/queries';
import type { Approval } from '../../api/schemas';
import { LinkAnchor, LinkButton } from '../../components/links';
import { runTitle } from '../../components/run-name';
import { Ago } from '../../components/time';
import classes from './runs.module.css';

const SHOWN = 3;

/** What stands still until I decide, the longest waiting first. */
export function NeedsYou() {
  const { data } = useInfiniteQuery(waitingApprovalsQuery('me'));
  const { data: counted } = useQuery(approvalCountQuery);
  const first = data?.pages[0]?.items ?? [];
  if (first.length === 0) return null;
  const count = Math.max(first.length, counted?.mine ?? 0);
  return (
    <Paper component="section" withBorder px="md" py="sm" className={classes['needs']} aria-labelledby="needs-you">
      <Title order={2} size="h5" id="needs-you">
        {count === 1 ? 'One decision waits for you' : `${count} decisions wait for you`}
      </Title>
      {first.slice(0, SHOWN).map((approval) => (
        <Ask key={approval.id} approval={approval} />
      ))}
      {count > SHOWN && (
        <LinkAnchor to="/approvals" size="sm">
          and {count - SHOWN} more
        </LinkAnchor>
      )}
    </Paper>
  );
}

function Ask({ approval: { id, run, step, requestedAt } }: { readonly approval: Approval }) {
  return (
    <div className={classes['ask']}>
      <div>
        <LinkAnchor to="/runs/$run" params={{ run: String(run.number) }} fw={600} lineClamp={2}>
          #{run.number} {runTitle(run)}
        </LinkAnchor>
        <Text size="sm" c="dimmed">
          {step.name}, asked <Ago time={requestedAt} />
        </Text>
      </div>
      <LinkButton to="/approvals" hash={id} size="sm" aria-label={`Review #${run.number} ${runTitle(run)}`}>
        Review
      </LinkButton>
    </div>
  );
}
