import { Button, Center, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { runsQuery, type RunFilter } from '../../api/queries';
import { Empty } from '../../components/empty';
import { LinkButton } from '../../components/links';
import { PageTitle } from '../../components/page-title';
import { Problem } from '../../components/problem';
import { NeedsYou } from './needs-you';
import { RunFilters } from './run-filters';
import { RunRow } from './run-row';
import classes from './runs.module.css';

const route = getRouteApi('/runs');

export function RunsPage() {
  const filter = route.useSearch();
  return (
    <Stack gap="lg">
      <PageTitle tab="Runs">Runs</PageTitle>
      <NeedsYou />
      <RunFilters filter={filter} />
      <RunList filter={filter} />
    </Stack>
  );
}

function RunList({ filter }: { readonly filter: RunFilter }) {
  const { data, error, isPending, refetch, isRefetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(runsQuery(filter));
  if (isPending) return <Loading />;
  if (error && !data) {
    return (
      <Problem title="The runs cannot be shown" error={error} retry={() => void refetch()} retrying={isRefetching} />
    );
  }
  const runs = data.pages.flatMap(({ items }) => items);
  if (runs.length === 0) return <NoRuns filtered={Object.keys(filter).length > 0} />;
  return (
    <>
      <ul className={classes['list']} aria-label="Runs, newest first">
        {runs.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </ul>
      {hasNextPage ? (
        <Center>
          <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
            Show older runs
          </Button>
        </Center>
      ) : (
        <Text size="sm" c="dimmed" ta="center">
          {runs.length === 1 ? 'One run' : `${runs.length} runs`}, no older ones
        </Text>
      )}
    </>
  );
}

function NoRuns({ filtered }: { readonly filtered: boolean }) {
  if (filtered) {
    return (
      <Empty title="No run is like that">
        <Group component="span" justify="center" mt="sm">
          <LinkButton to="/runs" search={{}} variant="default">
            Show all runs
          </LinkButton>
        </Group>
      </Empty>
    );
  }
  return (
    <Empty title="No runs yet" command={'bin/baton issue create textkit --title "Add truncate()" --label feature'}>
      An issue with a label that a pipeline names starts a run. A pipeline can be started by hand, too: bin/baton run
      feature-development --repo textkit.
    </Empty>
  );
}

const Loading = () => (
  <Stack gap="xs" aria-busy aria-label="Loading the runs">
    {[1, 2, 3, 4].map((row) => (
      <Skeleton key={row} height={72} />
    ))}
  </Stack>
);
