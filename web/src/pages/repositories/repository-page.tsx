import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { proposalQuery, trialsQuery } from '../../api/repository-setup';
import { LinkAnchor } from '../../components/links';
import { Loading } from '../../components/loading';
import { PageTitle } from '../../components/page-title';
import { Problem } from '../../components/problem';
import { Detected } from './detected';
import { SetUp } from './set-up';

const route = getRouteApi('/repositories/$repository');

/** How a repository is set up: what is detected, the configuration, its trial, and the decision. */
export function RepositoryPage() {
  const { repository: name } = route.useParams();
  const { project } = route.useSearch();
  const repository = { name, project };
  const proposal = useQuery(proposalQuery(repository));
  const trials = useQuery(trialsQuery(repository));
  const failed = [proposal, trials].find(({ isLoadingError }) => isLoadingError);
  return (
    <Stack gap="lg">
      <div>
        <LinkAnchor to="/repositories" size="sm">
          All repositories
        </LinkAnchor>
        <PageTitle tab={name}>Set up {name}</PageTitle>
        <Text c="dimmed">How Baton prepares and tests this repository.</Text>
      </div>
      {failed?.error ? (
        <Problem
          title="The set-up cannot be shown"
          error={failed.error}
          retry={() => void Promise.all([proposal.refetch(), trials.refetch()])}
          retrying={failed.isRefetching}
        />
      ) : proposal.data && trials.data ? (
        <>
          <Detected proposal={proposal.data} />
          <SetUp
            key={`${project ?? ''}/${name}`}
            repository={repository}
            proposal={proposal.data}
            trials={trials.data.items}
          />
        </>
      ) : (
        <Loading what="what Baton detects" blocks={[160, 280]} />
      )}
    </Stack>
  );
}
