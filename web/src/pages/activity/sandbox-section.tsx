import { Badge, Group, Loader, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { refusalsQuery } from '../../api/queries';
import type { Attempt, Confinement, Refusal } from '../../api/schemas';
import { Disclosure } from '../../components/disclosure';
import { Problem } from '../../components/problem';
import { formatDuration } from '../../components/time';
import type { ActivityOf } from './activity-filter';
import { ClockTime } from './clock-time';
import { formatSize, tellNetwork } from './confinement-words';
import classes from './activity.module.css';

const LOOK_AGAIN_MS = 2_000;

interface SandboxSectionProps {
  readonly of: ActivityOf;
  readonly runId: string;
  readonly attempt: Attempt;
}

/** What the programs of an attempt were held to, and what was refused. */
export function SandboxSection({ of: { step, item }, runId, attempt }: SandboxSectionProps) {
  const working = attempt.status === 'running';
  const { data, error, refetch, isRefetching } = useQuery({
    ...refusalsQuery(runId, step, item, attempt.attempt),
    refetchInterval: working ? LOOK_AGAIN_MS : false,
  });
  const refusals = data?.items ?? [];
  const { confinements } = attempt;
  const isOff = confinements.some(({ isolation }) => isolation === 'off');
  const count = `${refusals.length} refusal${refusals.length === 1 ? '' : 's'}`;
  return (
    <Disclosure
      label={
        <>
          Sandbox{isOff ? ': off' : ''}
          {data &&
            (refusals.length === 0 ? ', nothing refused' : <strong className={classes['failed']}>, {count}</strong>)}
        </>
      }
    >
      <Stack gap="sm" data-sandbox={attempt.attempt}>
        {isOff && (
          <Text size="sm">
            It worked without a sandbox (BATON_SANDBOX=off): it could reach all that the worker can.
          </Text>
        )}
        {confinements.length === 0 ? (
          <Text size="sm" c="dimmed">
            {working ? 'No program of it has run yet.' : 'No program of it is known to have run in a sandbox.'}
          </Text>
        ) : (
          <Confinements of={confinements} />
        )}
        {error && (
          <Problem
            title="What was refused cannot be read"
            error={error}
            retry={() => void refetch()}
            retrying={isRefetching}
          />
        )}
        {!data && !error && <Loader size="sm" aria-label="Loading what was refused" />}
        {refusals.length > 0 && <RefusalList refusals={refusals} />}
        {data?.next != null && <Text size="sm">There are more: GET /api/runs/…/refusals has them.</Text>}
        <Text size="xs" c="dimmed">
          {refusals.length === 0 && data && 'Nothing was refused by Baton. '}
          What the kernel refuses shows in the log of the attempt.
        </Text>
      </Stack>
    </Disclosure>
  );
}

const Confinements = ({ of }: { readonly of: readonly Confinement[] }) => (
  <Table.ScrollContainer
    minWidth={620}
    scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Sandbox policy' } }}
  >
    <Table fz="sm" verticalSpacing={4} captionSide="top">
      <Table.Caption>Sandbox policy in force, by program</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          {['Program', 'Network', 'Workspace', 'Memory', 'CPUs', 'Processes', 'One file', 'Disk', 'Time'].map(
            (name) => (
              <Table.Th key={name}>{name}</Table.Th>
            ),
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {of.map((one, index) => (
          <Table.Tr key={index}>
            <Table.Th scope="row">{one.program}</Table.Th>
            <Table.Td className={classes['hosts'] ?? ''}>{tellNetwork(one)}</Table.Td>
            <Table.Td>{one.workspace}</Table.Td>
            <Table.Td>{formatSize(one.memoryBytes)}</Table.Td>
            <Table.Td>{one.cpus ?? 'any'}</Table.Td>
            <Table.Td>{one.processes}</Table.Td>
            <Table.Td>{formatSize(one.fileBytes)}</Table.Td>
            <Table.Td>{formatSize(one.diskBytes)}</Table.Td>
            <Table.Td>{formatDuration(one.timeoutMs)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Table.ScrollContainer>
);

const KINDS: Readonly<Record<NonNullable<Refusal['kind']>, string>> = {
  network: 'network',
  limit: 'limit',
  result: 'result',
  permission: 'permission',
};

const RefusalList = ({ refusals }: { readonly refusals: readonly Refusal[] }) => (
  <ol className={classes['refusals']} aria-label="Refusals">
    {refusals.map(({ at, kind, what, details }, index) => (
      <li key={index} data-refusal={kind}>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <ClockTime at={at} />
          {kind && (
            <Badge size="sm" variant="light" color="red" tt="none" style={{ flex: 'none' }}>
              {KINDS[kind]}
            </Badge>
          )}
          <div className={classes['what']}>
            {what}
            {typeof details['rule'] === 'string' && (
              <Text size="xs" c="dimmed">
                Rule {details['rule']}
                {typeof details['from'] === 'string' && `, of ${details['from']}`}
              </Text>
            )}
          </div>
        </Group>
      </li>
    ))}
  </ol>
);
