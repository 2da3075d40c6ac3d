import { CloseButton, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { pipelinesQuery, repositoriesQuery, type RunFilter } from '../../api/queries';
import { RUN_STATUSES } from '../../components/status';

const TYPING_MS = 250;

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
      <Words value={filter.q ?? ''} onChange={(q) => change({ q })} />
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

interface WordsProps {
  readonly value: string;
  readonly onChange: (words: string) => void;
}

function Words({ value, onChange }: WordsProps) {
  const [typed, setTyped] = useState(value);
  const [sent, setSent] = useState(value);
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    // The address may change without us: back, or all filters removed. What it says of us is older than what is typed.
    if (value !== sent) setTyped(value);
  }
  const send = useDebouncedCallback((words: string) => {
    setSent(words.trim());
    onChange(words.trim());
  }, TYPING_MS);
  const change = (words: string) => {
    setTyped(words);
    send(words);
  };
  return (
    <TextInput
      label="Search"
      placeholder="title, number, person, what it says"
      style={{ flex: '4 1 280px' }}
      maxLength={200}
      leftSection={<Search size={16} aria-hidden />}
      rightSection={
        typed === '' ? null : <CloseButton size="sm" aria-label="Clear the search" onClick={() => change('')} />
      }
      value={typed}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  );
}
