import { Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { pipelinesQuery, repositoriesQuery, type RunFilter } from '../../api/queries';
import { RUN_STATUSES } from '../../components/status';
import { WordsInput } from '../../components/words-input';

/** The filters live in the address: a view can be kept and sent. */
export function RunFilters({ filter }: { readonly filter: RunFilter }) {
  const navigate = useNavigate();
  const repositories = useQuery(repositoriesQuery);
  const pipelines = useQuery(pipelinesQuery);
  const change = (part: RunFilter) =>
    void navigate({
      to: '/runs',
      search: Object.fromEntries(
        Object.entries({ ...filter, ...part }).filter(([, value]) => value !== undefined && value !== ''),
      ),
      replace: true,
    });
  return (
    <Group component="search" gap="sm" align="flex-end" aria-label="Filter the runs">
      <WordsInput
        placeholder="title, number, person, what it says"
        style={{ flex: '4 1 280px' }}
        value={filter.q ?? ''}
        onChange={(q) => change({ q })}
      />
      <Select
        label="Status"
        placeholder="any"
        style={{ flex: '1 1 140px' }}
        clearable
        data={[...RUN_STATUSES]}
        value={filter.status ?? null}
        onChange={(status) => change({ status: status ?? undefined })}
      />
      <Select
        label="Repository"
        placeholder="any"
        style={{ flex: '1 1 140px' }}
        clearable
        searchable
        data={repositories.data?.items.map(({ name }) => name) ?? []}
        value={filter.repository ?? null}
        onChange={(repository) => change({ repository: repository ?? undefined })}
      />
      <Select
        label="Pipeline"
        placeholder="any"
        style={{ flex: '1 1 180px' }}
        clearable
        searchable
        data={pipelines.data?.items.map(({ name }) => name) ?? []}
        value={filter.pipeline ?? null}
        onChange={(pipeline) => change({ pipeline: pipeline ?? undefined })}
      />
    </Group>
  );
}
