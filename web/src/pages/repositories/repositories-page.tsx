import { Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { repositoriesQuery } from '../../api/queries';
import type { Repository } from '../../api/schemas';
import { Empty } from '../../components/empty';
import { LinkAnchor } from '../../components/links';
import { Loading } from '../../components/loading';
import { useHolds } from '../../components/may';
import { PageTitle } from '../../components/page-title';
import { Problem } from '../../components/problem';
import { AddForm } from './add-form';

/** The repositories that Baton works on, and the form that adds one. */
export function RepositoriesPage() {
  const { data, error, refetch, isRefetching } = useQuery(repositoriesQuery);
  const mayAdd = useHolds('admin');
  return (
    <Stack gap="lg">
      <div>
        <PageTitle tab="Repositories">Repositories</PageTitle>
        <Text c="dimmed">What Baton works on. Open one to see or change how it is set up and tested.</Text>
      </div>
      {error && !data && (
        <Problem
          title="The repositories cannot be shown"
          error={error}
          retry={() => void refetch()}
          retrying={isRefetching}
        />
      )}
      {!data && !error && <Loading what="the repositories" blocks={[40, 40, 40]} />}
      {data?.items.length === 0 && (
        <Empty title="No repositories yet">
          {mayAdd ? 'Add the first one with the form below.' : 'Ask an admin to add one: only admins may.'}
        </Empty>
      )}
      {data && data.items.length > 0 && <RepositoryTable repositories={data.items} />}
      {data?.next != null && <Text size="sm">These are the first; bin/baton repo list shows all of them.</Text>}
      {mayAdd && <AddForm />}
    </Stack>
  );
}

function RepositoryTable({ repositories }: { readonly repositories: readonly Repository[] }) {
  const several = new Set(repositories.map(({ project }) => project)).size > 1;
  const columns = ['Repository', ...(several ? ['Project'] : []), 'Default branch', 'Imported from', 'Open issues'];
  return (
    <Table.ScrollContainer
      minWidth={560}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Repositories' } }}
    >
      <Table fz="sm" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column}>{column}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {repositories.map(({ id, name, project, defaultBranch, source, openIssues }) => (
            <Table.Tr key={id} data-repository={name}>
              <Table.Th scope="row">
                <LinkAnchor
                  to="/repositories/$repository"
                  params={{ repository: name }}
                  search={several ? { project } : {}}
                  inherit
                >
                  {name}
                </LinkAnchor>
              </Table.Th>
              {several && <Table.Td>{project}</Table.Td>}
              <Table.Td>{defaultBranch}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{source ?? 'made empty'}</Table.Td>
              <Table.Td>{openIssues}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
