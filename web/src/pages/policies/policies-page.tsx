import { Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { policiesQuery, repositoriesQuery } from '../../api/queries';
import type { Policies } from '../../api/schemas';
import { Loading } from '../../components/loading';
import { PageTitle } from '../../components/page-title';
import { Problem } from '../../components/problem';
import { HoldingPolicies } from './holding-policies';
import { PolicyHistory } from './policy-history';
import { Proposals } from './proposals';
import { ProposeForm } from './propose-form';

const route = getRouteApi('/policies');
const ORGANISATION = '(the organisation)';

/** Who decides what: what holds, what is proposed, and what held before. */
export function PoliciesPage() {
  const { repository } = route.useSearch();
  const navigate = useNavigate();
  const query = useQuery(policiesQuery(repository));
  const repositories = useQuery(repositoriesQuery);
  const { data, error } = query;
  const choose = (of: string | null) =>
    void navigate({ to: '/policies', search: of === null || of === ORGANISATION ? {} : { repository: of } });
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <PageTitle tab="Policies">Policies</PageTitle>
          <Text c="dimmed">How risky a change is, and who has to say yes to it.</Text>
        </div>
        <Select
          label="Of"
          allowDeselect={false}
          searchable
          data={[ORGANISATION, ...(repositories.data?.items.map(({ name }) => name) ?? [])]}
          value={repository ?? ORGANISATION}
          onChange={choose}
        />
      </Group>
      {query.isPending && <Loading what="the policies" blocks={[120, 320]} />}
      {error && !data && (
        <Problem
          title="The policies cannot be shown"
          error={error}
          retry={() => void query.refetch()}
          retrying={query.isRefetching}
        />
      )}
      {data && <Shown key={repository ?? ''} policies={data} repository={repository ?? null} />}
    </Stack>
  );
}

interface ShownProps {
  readonly policies: Policies;
  readonly repository: string | null;
}

function Shown({ policies, repository }: ShownProps) {
  const hash = useLocation({ select: (location) => location.hash });
  // The address may name a rule: an approval leads here.
  useEffect(() => {
    if (hash !== '') document.getElementById(hash)?.scrollIntoView({ block: 'center' });
  }, [hash]);
  const active = policies.versions.find(({ status }) => status === 'active');
  const source = active?.source ?? (repository === null ? policies.shipped : '');
  return (
    <>
      <Proposals versions={policies.versions} source={source} />
      <HoldingPolicies policies={policies} repository={repository} named={hash} />
      <ProposeForm repository={repository} source={source} />
      <PolicyHistory versions={policies.versions} />
    </>
  );
}
