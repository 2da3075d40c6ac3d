import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { pipelinesQuery, repositoriesQuery } from '../../api/queries';
import { Command } from '../../components/command';
import { Empty } from '../../components/empty';
import { Loading } from '../../components/loading';
import { Problem } from '../../components/problem';
import { firstRun } from './first-run';

/** Somebody may just be adding what is missing, in a terminal. */
const LOOK_AGAIN_MS = 5_000;

/** No run at all: what makes the first one, with the names that there are. */
export function NoRuns() {
  const repositories = useQuery({ ...repositoriesQuery, refetchInterval: LOOK_AGAIN_MS });
  const pipelines = useQuery({ ...pipelinesQuery, refetchInterval: LOOK_AGAIN_MS });
  const failed = [repositories, pipelines].find(({ isLoadingError }) => isLoadingError);
  if (failed?.error) {
    return <Problem title="The first steps cannot be shown" error={failed.error} retry={() => void failed.refetch()} />;
  }
  if (!repositories.data || !pipelines.data) return <Loading what="the first steps" blocks={[220]} />;
  return (
    <Empty
      title="No runs yet"
      action={
        <Stack gap="md" mt="sm" w="100%" maw={720}>
          {firstRun(repositories.data.items, pipelines.data.items).map(({ why, command }) => (
            <div key={command}>
              <Text size="sm" mb={4} ta="left">
                {why}
              </Text>
              <Command>{command}</Command>
            </div>
          ))}
        </Stack>
      }
    >
      A run is one pipeline at work, from what was asked for to the merged change. The first one appears here by itself.
    </Empty>
  );
}
