import { Paper, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { openApprovalsQuery } from '../../api/queries';
import type { Approval } from '../../api/schemas';
import { LinkAnchor, LinkButton } from '../../components/links';
import { runTitle } from '../../components/run-name';
import { Ago } from '../../components/time';
import classes from './runs.module.css';

const SHOWN = 3;

/** What stands still until I decide, the longest waiting first. */
export function NeedsYou() {
  const { data } = useQuery(openApprovalsQuery);
  const mine = (data?.items ?? []).filter(({ refusal }) => refusal === null).toReversed();
  if (mine.length === 0) return null;
  return (
    <Paper component="section" withBorder px="md" py="sm" className={classes['needs']} aria-labelledby="needs-you">
      <Title order={2} size="h5" id="needs-you">
        {mine.length === 1 ? 'One run waits for you' : `${mine.length} runs wait for you`}
      </Title>
      {mine.slice(0, SHOWN).map((approval) => (
        <Ask key={approval.id} approval={approval} />
      ))}
      {mine.length > SHOWN && (
        <LinkAnchor to="/approvals" size="sm">
          and {mine.length - SHOWN} more
        </LinkAnchor>
      )}
    </Paper>
  );
}

function Ask({ approval: { id, run, step, requestedAt } }: { readonly approval: Approval }) {
  return (
    <div className={classes['ask']}>
      <div>
        <LinkAnchor to="/runs/$run" params={{ run: String(run.number) }} fw={600}>
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
