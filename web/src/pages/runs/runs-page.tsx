import { Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { runsQuery, type RunFilter } from '../../api/queries';
import { Empty } from '../../components/empty';
import { LinkButton } from '../../components/links';
import { Loading } from '../../components/loading';
import { MoreButton } from '../../components/more-button';
import { PageTitle } from '../../components/page-title';
import { Problem } from '../../components/problem';
import { BulkMenu } from './bulk/bulk-menu';
import { NeedsYou } from './needs-you';
import { NoRuns } from './no-runs';
import { RunFilters } from './run-filters';
import { RunRow } from './run-row';
import classes from './runs.module.css';

const route = getRouteApi('/runs');

export function RunsPage() {
  const filter = route.useSearch();
  return (
    <Stack gap="lg">
      <Group justify="space-between" gap="sm">
        <PageTitle tab="Runs">Runs</PageTitle>
        <BulkMenu filter={filter} />
      </Group>
      <NeedsYou />
      <RunFilters filter={filter} />
      <RunList filter={filter} />
    </Stack>
  );
}

function RunList({ filter }: { readonly filter: RunFilter }) {
  const query = useInfiniteQuery(runsQuery(filter));
  const { data, error, isPending, refetch, isRefetching, hasNextPage } = query;
  if (isPending) return <Loading what="the runs" blocks={[72, 72, 72, 72]} />;
  if (error && !data) {
    return (
      <Problem title="The runs cannot be shown" error={error} retry={() => void refetch()} retrying={isRefetching} />
    );
  }
  const runs = data.pages.flatMap(({ items }) => items);
  if (runs.length === 0) return Object.keys(filter).length > 0 ? <NoneFound /> : <NoRuns />;
  return (
    <>
      <ul className={classes['list']} aria-label="Runs, newest first">
        {runs.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </ul>
      <MoreButton query={query}>Show older runs</MoreButton>
      {!hasNextPage && (
        <Text size="sm" c="dimmed" ta="center">
          {runs.length === 1 ? 'One run' : `${runs.length} runs`}, no older ones
        </Text>
      )}
    </>
  );
}

const NoneFound = () => (
  <Empty
    title="No run is like that"
    action={
      <LinkButton to="/runs" search={{}} variant="default" mt="sm">
        Show all runs
      </LinkButton>
    }
  >
    Take a filter away, or search for another word.
  </Empty>
);
