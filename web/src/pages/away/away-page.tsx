import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEndAbsence } from '../../api/acts';
import { newIdempotencyKey } from '../../api/idempotency-key';
import { absencesQuery } from '../../api/queries';
import type { Absence } from '../../api/schemas';
import { useNow } from '../../components/clock';
import { Empty } from '../../components/empty';
import { Loading } from '../../components/loading';
import { useHolds } from '../../components/may';
import { PageTitle } from '../../components/page-title';
import { Problem } from '../../components/problem';
import { Ago } from '../../components/time';
import { AwayForm } from './away-form';

/** When I am away, and who decides in my place. */
export function AwayPage() {
  const { data, error, isPending, refetch, isRefetching } = useQuery(absencesQuery);
  const may = useHolds('reviewer');
  return (
    <Stack gap="lg" maw={760}>
      <div>
        <PageTitle tab="Away">Away</PageTitle>
        <Text c="dimmed">
          While you are away another decides what waits for you, in all your roles; each such decision is marked.
          Whoever may not decide something because the change is yours may not do it for you either.
        </Text>
      </div>
      {isPending && <Loading what="when you are away" blocks={[96, 240]} />}
      {error && !data && (
        <Problem
          title="It cannot be shown when you are away"
          error={error}
          retry={() => void refetch()}
          retrying={isRefetching}
        />
      )}
      {data?.items.length === 0 && <Empty title="You are here">What waits for you waits for you.</Empty>}
      {data?.items.map((absence) => (
        <OneAbsence key={absence.id} absence={absence} />
      ))}
      {data && may && <AwayForm delegates={data.delegates} />}
      {data && !may && <Text size="sm">Your role decides nothing, so nobody has to stand in for you.</Text>}
    </Stack>
  );
}

function OneAbsence({ absence: { id, startsAt, endsAt, delegate, note } }: { readonly absence: Absence }) {
  const end = useEndAbsence();
  const now = useNow();
  const begun = Date.parse(startsAt) <= now;
  return (
    <Paper
      component="section"
      withBorder
      p={{ base: 'sm', sm: 'lg' }}
      aria-labelledby={`absence-${id}`}
      data-absence={begun ? 'now' : 'later'}
    >
      <Group justify="space-between" gap="sm">
        <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          <Title order={2} size="h5" id={`absence-${id}`}>
            {begun ? 'You are away' : 'You will be away'}
          </Title>
          <Text size="sm">
            {!begun && (
              <>
                From <Ago time={startsAt} exact />,{' '}
              </>
            )}
            {begun ? 'Until' : 'until'} <Ago time={endsAt} exact />.{' '}
            {delegate === null ? 'Nobody decides in your place.' : `${delegate} decides in your place.`}
          </Text>
          {note !== null && <Text size="sm">{note}</Text>}
        </div>
        <Button variant="default" loading={end.isPending} onClick={() => end.mutate({ id, key: newIdempotencyKey() })}>
          {begun ? 'I am back' : 'Take it back'}
        </Button>
      </Group>
      {end.error && <Problem title="It was not ended" error={end.error} retry={null} />}
    </Paper>
  );
}
