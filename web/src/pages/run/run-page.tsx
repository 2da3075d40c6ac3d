import { Skeleton, Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useRef } from 'react';
import { runQuery } from '../../api/queries';
import type { RunDetail } from '../../api/schemas';
import { Empty } from '../../components/empty';
import { PageTitle } from '../../components/page-title';
import { Problem } from '../../components/problem';
import { RunHeader } from './run-header';
import { stepKey, stepOfInterest } from './step-key';
import { StepPanel } from './step-panel';
import type { StepTab } from './step-tabs';
import { Timeline } from './timeline';
import classes from './run.module.css';

/** The graph brings half of the page's weight with it; the rest does not wait for it. */
const RunGraph = lazy(() => import('./run-graph'));

const route = getRouteApi('/runs/$run');

export function RunPage() {
  const { run: id } = route.useParams();
  const { data, error, refetch, isRefetching } = useQuery(runQuery(id));
  if (data) return <RunView run={data} />;
  if (error)
    return (
      <Stack>
        <PageTitle tab={`Run ${id}`}>Run {id}</PageTitle>
        <Problem title="The run cannot be shown" error={error} retry={() => void refetch()} retrying={isRefetching} />
      </Stack>
    );
  return (
    <Stack aria-busy aria-label="Loading the run">
      <Skeleton height={90} />
      <Skeleton height={130} />
      <Skeleton height={360} />
    </Stack>
  );
}

function RunView({ run }: { readonly run: RunDetail }) {
  const { step: chosen, tab = 'overview' } = route.useSearch();
  const navigate = useNavigate({ from: '/runs/$run' });
  const roomy = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const panel = useRef<HTMLElement>(null);
  const selected = run.steps.find((step) => stepKey(step) === chosen) ?? stepOfInterest(run);
  const stay = useCallback(
    (key: string) =>
      void navigate({ search: (before) => ({ ...before, step: key }), replace: true, resetScroll: false }),
    [navigate],
  );
  const select = useCallback(
    (key: string) => {
      stay(key);
      if (!roomy) panel.current?.scrollIntoView({ block: 'start' });
    },
    [stay, roomy],
  );
  const show = (next: StepTab) =>
    void navigate({ search: (before) => ({ ...before, tab: next }), replace: true, resetScroll: false });
  return (
    <Stack gap="lg">
      <RunHeader run={run} />
      {selected ? (
        <>
          {roomy && (
            <Suspense fallback={<Skeleton height={104} />}>
              <RunGraph run={run} selected={selected.id} onSelect={select} />
            </Suspense>
          )}
          <div className={classes['halves']}>
            <Timeline run={run} selected={stepKey(selected)} onSelect={select} />
            {/* Whoever begins to read or write here is not taken elsewhere by what happens meanwhile. */}
            <div onFocusCapture={() => chosen === undefined && stay(stepKey(selected))}>
              <StepPanel ref={panel} key={stepKey(selected)} run={run} step={selected} tab={tab} onTab={show} />
            </div>
          </div>
        </>
      ) : (
        <Empty title="This run has no steps yet">They appear when a worker takes it up, which takes a moment.</Empty>
      )}
    </Stack>
  );
}
