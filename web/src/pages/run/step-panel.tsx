import { Group, Paper, Stack, Tabs, Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { Ref } from 'react';
import type { RunDetail, Step } from '../../api/schemas';
import { JsonView } from '../../components/json-view';
import { StatusBadge } from '../../components/status';
import { Duration } from '../../components/time';
import type { ActivityFilter } from '../activity/activity-filter';
import { StepActivity } from '../activity/step-activity';
import { ApprovedChange } from '../approvals/approved-change';
import { RerunButton } from './rerun-button';
import { StepDiff } from './step-diff';
import { stepLabel } from './step-key';
import { StepLogs } from './step-logs';
import { StepOverrides } from './step-overrides';
import { StepOverview } from './step-overview';
import { STEP_TABS, type StepTab } from './step-tabs';
import classes from './run.module.css';

const route = getRouteApi('/runs/$run');

interface StepPanelProps {
  readonly ref: Ref<HTMLElement>;
  readonly run: RunDetail;
  readonly step: Step;
  readonly tab: StepTab;
  readonly onTab: (tab: StepTab) => void;
  /** What of its agents' activity is shown. */
  readonly filter: ActivityFilter;
  readonly onFilter: (filter: ActivityFilter) => void;
}

const LABELS: Readonly<Record<StepTab, string>> = {
  overview: 'Overview',
  activity: 'Activity',
  input: 'Input',
  output: 'Output',
  log: 'Log',
  diff: 'Diff',
};

/** Everything of one step. */
export function StepPanel({ ref, run, step, tab, onTab, filter, onFilter }: StepPanelProps) {
  const node = run.graph.nodes.find(({ id }) => id === step.id);
  const does = node?.does ?? (node?.kind === 'approval' ? 'a person decides' : null);
  return (
    <Paper
      component="section"
      ref={ref}
      withBorder
      p={{ base: 'sm', sm: 'md' }}
      className={classes['panel']}
      aria-labelledby="step"
      data-panel={step.id}
    >
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="sm">
            <Title order={2} size="h4" id="step">
              {stepLabel(step)}
            </Title>
            <StatusBadge status={step.status} />
            <Text size="sm" c="dimmed">
              {does}
              {node?.agent != null && ` by ${node.agent}`}
              {step.startedAt !== null && (
                <>
                  {' · '}
                  <Duration from={step.startedAt} to={step.endedAt} />
                </>
              )}
            </Text>
          </Group>
          <RerunButton run={run} step={step} />
          <StepOverrides key={step.id} run={run} step={step} />
        </Group>
        <Tabs value={tab} onChange={(next) => onTab((next ?? 'overview') as StepTab)} keepMounted={false}>
          <Tabs.List aria-label={`What there is of ${step.name}`}>
            {STEP_TABS.map((each) => (
              <Tabs.Tab key={each} value={each} px="sm">
                {LABELS[each]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {STEP_TABS.map((each) => (
            <Tabs.Panel key={each} value={each} pt="md">
              <Content run={run} step={step} tab={each} filter={filter} onFilter={onFilter} />
            </Tabs.Panel>
          ))}
        </Tabs>
      </Stack>
    </Paper>
  );
}

function Content({ run, step, tab, filter, onFilter }: Omit<StepPanelProps, 'ref' | 'onTab'>) {
  const { run: runKey } = route.useParams();
  switch (tab) {
    case 'overview':
      return <StepOverview run={run} step={step} />;
    case 'activity':
      return <StepActivity run={run} runKey={runKey} step={step} filter={filter} onFilter={onFilter} />;
    case 'input':
      return step.input === null ? (
        <Nothing>No input: it has not started, or takes none.</Nothing>
      ) : (
        <JsonView value={step.input} label="Input" />
      );
    case 'output':
      return step.output === null ? <Nothing>No output yet.</Nothing> : <JsonView value={step.output} label="Output" />;
    case 'log':
      return <StepLogs step={step} />;
    case 'diff':
      return step.approval ? <ApprovedChange approval={step.approval} /> : <StepDiff run={run} step={step} />;
  }
}

const Nothing = ({ children }: { readonly children: string }) => <Text c="dimmed">{children}</Text>;
