import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Approval } from '../../api/schemas';
import { LinkAnchor } from '../../components/links';
import { runTitle } from '../../components/run-name';
import { Ago } from '../../components/time';
import { ApprovalView } from './approval-view';
import { ApprovedChange } from './approved-change';
import classes from './approvals.module.css';

/** One approval with all that a decision needs. */
export function ApprovalCard({ approval }: { readonly approval: Approval }) {
  const { id, run, step, requestedAt, change } = approval;
  const card = useRef<HTMLElement>(null);
  const hash = useLocation({ select: (location) => location.hash });
  useEffect(() => {
    if (hash === id) card.current?.scrollIntoView({ block: 'start' });
  }, [hash, id]);
  return (
    <Paper
      component="article"
      ref={card}
      id={id}
      withBorder
      p={{ base: 'sm', sm: 'lg' }}
      className={classes['card']}
      aria-labelledby={`title-${id}`}
      data-approval={id}
    >
      <Stack gap="md">
        <div>
          <Group justify="space-between" gap="xs" align="baseline">
            <Title order={2} size="h4" id={`title-${id}`}>
              <LinkAnchor to="/runs/$run" params={{ run: String(run.number) }} inherit>
                #{run.number} {runTitle(run)}
              </LinkAnchor>
            </Title>
            <Text size="sm">
              asked <Ago time={requestedAt} />
            </Text>
          </Group>
          <Text size="sm" c="dimmed">
            {[step.name, run.repository, run.pipeline].filter((part) => part !== null).join(' · ')}
            {run.issue && `, issue #${run.issue.number}`}, asked for by {run.requestedBy}
          </Text>
        </div>
        <ApprovalView approval={approval}>
          {change?.commit != null && (
            <section aria-label="The change">
              <Title order={3} size="h6" mb="xs">
                The change
              </Title>
              <ApprovedChange approval={approval} />
            </section>
          )}
        </ApprovalView>
      </Stack>
    </Paper>
  );
}
