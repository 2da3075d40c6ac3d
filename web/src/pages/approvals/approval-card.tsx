import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';
import type { Approval } from '../../api/schemas';
import { LinkAnchor } from '../../components/links';
import { runTitle } from '../../components/run-name';
import { Ago } from '../../components/time';
import { ApprovalView } from './approval-view';
import { RiskBadge } from './risk-facts';
import { ApprovedChange } from './approved-change';
import classes from './approvals.module.css';

interface ApprovalCardProps {
  readonly approval: Approval;
  /** Whether it is the next to be decided: open by itself, as is the one that the address names. */
  readonly isNext: boolean;
}

/** One approval: what it is about, and, opened, all that a decision needs. */
export function ApprovalCard({ approval, isNext }: ApprovalCardProps) {
  const { id, run, step, risk, requestedAt, missing, refusal } = approval;
  const card = useRef<HTMLElement>(null);
  const body = useId();
  const named = useLocation({ select: (location) => location.hash === id });
  const [toggled, setToggled] = useState<boolean | null>(null);
  const open = toggled ?? (isNext || named);
  const word = open ? 'Hide' : refusal === null ? 'Review' : 'Look';
  useEffect(() => {
    if (named) card.current?.scrollIntoView({ block: 'start' });
  }, [named]);
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
      <div className={classes['head']}>
        <div>
          <Title order={2} size="h4" id={`title-${id}`} className={classes['title']}>
            <LinkAnchor to="/runs/$run" params={{ run: String(run.number) }} inherit>
              #{run.number} {runTitle(run)}
            </LinkAnchor>
          </Title>
          <Text size="sm" c="dimmed" className={classes['where']}>
            {[step.name, run.repository, run.issue && run.pipeline].filter((part) => part !== null).join(' · ')}
            {run.issue && `, issue #${run.issue.number}`}, asked for by {run.requestedBy}
          </Text>
          <Group gap="xs" fz="sm">
            {risk && <RiskBadge tier={risk.tier} />}
            <span>
              Waits since <Ago time={requestedAt} exact />
            </span>
            {!open && missing !== null && <Text span size="sm" c="dimmed">{`needs ${missing}`}</Text>}
          </Group>
        </div>
        <Button
          variant={open || refusal !== null ? 'default' : 'filled'}
          size="xs"
          onClick={() => setToggled(!open)}
          aria-expanded={open}
          aria-controls={body}
          aria-label={`${word} #${run.number} ${runTitle(run)}`}
        >
          {word}
        </Button>
      </div>
      <div id={body}>{open && <Opened approval={approval} />}</div>
    </Paper>
  );
}

function Opened({ approval }: Pick<ApprovalCardProps, 'approval'>) {
  const hasChange = approval.change?.commit != null;
  return (
    <Stack pt="md">
      <ApprovalView approval={approval}>
        {hasChange && (
          <section aria-label="The change">
            <Title order={3} size="h6" mb="xs">
              The change
            </Title>
            <ApprovedChange approval={approval} />
          </section>
        )}
      </ApprovalView>
    </Stack>
  );
}
