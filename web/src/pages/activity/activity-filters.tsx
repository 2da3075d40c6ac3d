import { Anchor, Chip, Group, Stack, Switch, Text } from '@mantine/core';
import { Download } from 'lucide-react';
import { WordsInput } from '../../components/words-input';
import { EVENT_TYPES, exportUrl, isFiltered, typesOf, type ActivityFilter, type ActivityOf } from './activity-filter';

interface ActivityFiltersProps {
  readonly of: ActivityOf;
  readonly filter: ActivityFilter;
  readonly onFilter: (filter: ActivityFilter) => void;
}

/** What of an agent's activity is shown, and its export: all of it, or what the filter leaves. */
export function ActivityFilters({ of, filter, onFilter }: ActivityFiltersProps) {
  const { types: _types, words: _words, failed: _failed, ...none } = filter;
  const byTypes = (types: readonly string[]): ActivityFilter => ({
    ...none,
    ...(types.length > 0 && { types: EVENT_TYPES.filter((type) => types.includes(type)).join(',') }),
    ...(filter.words !== undefined && { words: filter.words }),
    ...(filter.failed && { failed: true }),
  });
  const byWords = (words: string): ActivityFilter => {
    const { words: _before, ...others } = filter;
    return { ...others, ...(words !== '' && { words }) };
  };
  const byFailed = (failed: boolean): ActivityFilter => {
    const { failed: _before, ...others } = filter;
    return { ...others, ...(failed && { failed: true }) };
  };
  return (
    <Stack component="search" gap="sm" aria-label="Filter the activity">
      <Chip.Group multiple value={[...typesOf(filter)]} onChange={(types) => onFilter(byTypes(types))}>
        <Group gap={6} role="group" aria-label="Only these types">
          {EVENT_TYPES.map((type) => (
            <Chip key={type} value={type} size="xs" variant="outline">
              {type}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Group gap="md" align="flex-end">
        <WordsInput
          size="xs"
          placeholder="words in what it did"
          style={{ flex: '1 1 220px' }}
          value={filter.words ?? ''}
          onChange={(words) => onFilter(byWords(words))}
        />
        <Switch
          label="Only what failed"
          size="sm"
          pb={4}
          checked={filter.failed === true}
          onChange={({ currentTarget }) => onFilter(byFailed(currentTarget.checked))}
        />
        <Group gap="md" pb={4}>
          <Export href={exportUrl(of)} name={nameOf(of)}>
            Download all
          </Export>
          {isFiltered(filter) && (
            <Export href={exportUrl(of, filter)} name={nameOf(of, '-filtered')}>
              Download what is filtered
            </Export>
          )}
        </Group>
      </Group>
    </Stack>
  );
}

const nameOf = ({ run, step, item, attempt }: ActivityOf, more = ''): string =>
  `run-${run}-${step}${item === null ? '' : `-${item + 1}`}${attempt === undefined ? '' : `-attempt-${attempt}`}${more}.ndjson`;

const Export = ({
  href,
  name,
  children,
}: {
  readonly href: string;
  readonly name: string;
  readonly children: string;
}) => (
  <Anchor href={href} download={name} size="sm">
    <Group gap={4} component="span" wrap="nowrap">
      <Download size={14} aria-hidden /> {children}
      <Text span size="xs" c="dimmed">
        NDJSON
      </Text>
    </Group>
  </Anchor>
);
