import { Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef } from 'react';
import { runQuery } from '../../api/queries';
import type { RunDetail } from '../../api/schemas';
import type { ActivityFilter } from '../activity/activity-filter';
import { Empty } from '../../components/empty';
import { Loading } from '../../components/loading';
import { PageTitle } from '../../components/page-title';
import { Problem } from '../../components/problem';
import { RunHeader } from './run-header';
import { stepKey, stepOfInterest } from './step-key';
import { StepPanel } from './step-panel';
import type { StepTab } from './step-tabs';
import { Timeline } from './timeline';
import classes from './run.module.css';

/** The graph brings half of the page's weight with it: other pages do without, and it comes while the run is read. */
const loadGraph = () => import('./run-graph');
const RunGraph = lazy(loadGraph);

const route = getRouteApi('/runs/$run');

export function RunPage() {
  const { run: id } = route.useParams();
  const { data, error, refetch, isRefetching } = useQuery(runQuery(id));
  useEffect(() => void loadGraph().catch(() => undefined), []);
  const loading = <Loading what="the run" blocks={[90, 110, 360]} />;
  if (data) {
    return (
      <Suspense fallback={loading}>
        <RunView run={data} />
      </Suspense>
    );
  }
  if (error)
    return (
      <Stack>
        <PageTitle tab={`Run ${id}`}>Run {id}</PageTitle>
        <Problem title="The run cannot be shown" error={error} retry={() => void refetch()} retrying={isRefetching} />
      </Stack>
    );
  return loading;
}

function RunView({ run }: { readonly run: RunDetail }) {
  const { step: chosen, tab = 'overview', ...filter } = route.useSearch();
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
  const filterBy = (wanted: ActivityFilter) =>
    void navigate({
      search: ({ step, tab: shown }) => ({
        ...(step !== undefined && { step }),
        ...(shown && { tab: shown }),
        ...wanted,
      }),
      replace: true,
      resetScroll: false,
    });
  return (
    <Stack gap="lg">
      <RunHeader run={run} />
      {selected ? (
        <>
          <RunGraph run={run} selected={selected.id} onSelect={select} />
          <div className={classes['halves']}>
            <Timeline run={run} selected={stepKey(selected)} onSelect={select} />
            {/* Whoever begins to read or write here is not taken elsewhere by what happens meanwhile. */}
            <div onFocusCapture={() => chosen === undefined && stay(stepKey(selected))}>
              <StepPanel
                ref={panel}
                key={stepKey(selected)}
                run={run}
                step={selected}
                tab={tab}
                onTab={show}
                filter={filter}
                onFilter={filterBy}
              />
            </div>
          </div>
        </>
      ) : (
        <Empty title="This run has no steps yet">They appear when a worker takes it up, which takes a moment.</Empty>
      )}
    </Stack>
  );
}
