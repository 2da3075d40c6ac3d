import { Alert, Group, List, Stack, Text } from '@mantine/core';
import { EyeOff, ShieldOff } from 'lucide-react';
import type { RunDetail, RunRef } from '../../api/schemas';
import { Cost } from '../../components/cost';
import { Fact, Facts } from '../../components/facts';
import { LinkAnchor, LinkButton } from '../../components/links';
import { PageTitle } from '../../components/page-title';
import { runTitle } from '../../components/run-name';
import { StatusBadge } from '../../components/status';
import { Ago, Duration } from '../../components/time';
import { RunEscalations } from './run-escalations';
import { stepKey } from './step-key';
import { OverrideList, RunOverrides } from './run-overrides';

/** What the run is, where it stands, and where it comes from. */
export function RunHeader({ run }: { readonly run: RunDetail }) {
  const { number, status, pipeline, issue, briefing, error, warnings } = run;
  const title = runTitle({ issue, pipeline: pipeline.name });
  return (
    <Stack component="header" gap="sm">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={6} style={{ minWidth: 0, flex: '1 1 320px' }}>
          <PageTitle tab={`#${number} ${title}`}>
            <Text span inherit c="dimmed" fw={500}>
              #{number}
            </Text>{' '}
            {title}
          </PageTitle>
          <Group gap="sm" wrap="nowrap" align="center">
            <StatusBadge status={status} size="lg" />
            <Text size="sm" role="status" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>
              {error?.message ?? briefing}
            </Text>
          </Group>
        </Stack>
        <Group gap="sm">
          <ReviewButton run={run} />
          <AnswerButton run={run} />
          <RunOverrides run={run} />
        </Group>
      </Group>
      {warnings.map((warning) => (
        <Alert
          key={warning}
          color="orange"
          variant="light"
          icon={<ShieldOff size={18} aria-hidden />}
          title="Take care"
        >
          {warning}
        </Alert>
      ))}
      <NotLookedAt coverage={run.coverage} />
      <RunEscalations run={run} />
      <RunFacts run={run} />
      <OverrideList run={run} />
    </Stack>
  );
}

/** What the scans of the run could not look at: that they found nothing there says nothing. */
function NotLookedAt({ coverage: { gaps } }: Pick<RunDetail, 'coverage'>) {
  if (gaps.length === 0) return null;
  return (
    <Alert color="orange" variant="light" icon={<EyeOff size={18} aria-hidden />} title="Could not be looked at">
      <List size="sm">
        {gaps.map(({ repository, scan, why, fix }) => (
          <List.Item key={`${repository}/${scan}/${why}`}>
            <strong>{repository}</strong>, {scan}: {why}. {fix}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** To the decision that waits for whoever looks: the first thing to do here. */
function ReviewButton({ run: { steps } }: { readonly run: RunDetail }) {
  const waiting = steps.find(({ approval }) => approval?.status === 'open' && approval.refusal === null)?.approval;
  if (!waiting) return null;
  return (
    <LinkButton to="/approvals" hash={waiting.id} aria-label={`Review ${waiting.step.name}`}>
      Review
    </LinkButton>
  );
}

/** To the question that waits for whoever looks. */
function AnswerButton({ run: { number, steps } }: { readonly run: RunDetail }) {
  const asking = steps.find(({ questions }) =>
    questions.some(({ status, refusal }) => status === 'open' && refusal === null),
  );
  if (!asking) return null;
  return (
    <LinkButton
      to="/runs/$run"
      params={{ run: String(number) }}
      search={{ step: stepKey(asking) }}
      aria-label={`Answer ${asking.name}`}
    >
      Answer
    </LinkButton>
  );
}

function RunFacts({ run }: { readonly run: RunDetail }) {
  const {
    pipeline,
    repository,
    issue,
    requestedBy,
    branch,
    pullRequests,
    progress,
    createdAt,
    startedAt,
    endedAt,
    cost,
    lineage,
  } = run;
  return (
    <Facts>
      <Fact name="Pipeline">
        {pipeline.name}, version {pipeline.version}
      </Fact>
      {repository !== null && (
        <Fact name="Repository">
          {repository}
          {issue && `, issue #${issue.number}`}
        </Fact>
      )}
      <Fact name="Asked by">
        <span title={requestedBy.name}>{requestedBy.handle}</span>, <Ago time={createdAt} exact />
      </Fact>
      <Fact name={endedAt === null ? 'So far' : 'Took'}>
        <Duration from={startedAt ?? createdAt} to={endedAt} />
      </Fact>
      <Fact name="Steps">
        {progress.steps.done}/{progress.steps.of}
        {progress.checklist && `, checklist ${progress.checklist.done}/${progress.checklist.of}`}
      </Fact>
      <Fact name="Cost">
        <Cost {...cost} ended={endedAt !== null} />
      </Fact>
      {branch !== null && <Fact name="Branch">{branch}</Fact>}
      {pullRequests.map(({ id, number, state }) => (
        <Fact key={id} name="Pull request">
          #{number}, {state}
        </Fact>
      ))}
      {lineage.rerunOf && (
        <Fact name="Repeats">
          <RunLink run={lineage.rerunOf} /> from {lineage.rerunFrom}
        </Fact>
      )}
      {lineage.reruns.length > 0 && (
        <Fact name="Repeated as">
          <RunLinks runs={lineage.reruns} />
        </Fact>
      )}
      {lineage.parent && (
        <Fact name="Called by">
          <RunLink run={lineage.parent} />
        </Fact>
      )}
      {lineage.children.length > 0 && (
        <Fact name="Calls">
          <RunLinks runs={lineage.children} />
        </Fact>
      )}
    </Facts>
  );
}

const RunLinks = ({ runs }: { readonly runs: readonly RunRef[] }) =>
  runs.map((run, index) => (
    <span key={run.id}>
      {index > 0 && ', '}
      <RunLink run={run} />
    </span>
  ));

const RunLink = ({ run: { number, pipeline, status } }: { readonly run: RunRef }) => (
  <LinkAnchor to="/runs/$run" params={{ run: String(number) }} inherit title={pipeline}>
    #{number} ({status})
  </LinkAnchor>
);
