import { Paper, Stack, Text, Title } from '@mantine/core';
import type { PolicyVersion } from '../../api/schemas';
import { Disclosure } from '../../components/disclosure';
import { Ago } from '../../components/time';
import { Source } from './source';
import classes from './policies.module.css';

const STATUS: Readonly<Record<PolicyVersion['status'], string>> = {
  active: 'holds',
  proposed: 'waits for an approval',
  superseded: 'held until another took its place',
  rejected: 'was rejected',
};

/** Every version, the newest first. */
export function PolicyHistory({ versions }: { readonly versions: readonly PolicyVersion[] }) {
  if (versions.length === 0) return null;
  return (
    <Paper component="section" withBorder p={{ base: 'sm', sm: 'lg' }} aria-labelledby="history">
      <Title order={2} size="h5" id="history" mb="sm">
        History
      </Title>
      <Stack gap="sm">
        {versions.map((each) => (
          <div key={each.id} className={classes['version']} data-version={each.version} data-status={each.status}>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              <b>Version {each.version}</b> {STATUS[each.status]}. {each.proposedBy} proposed it{' '}
              <Ago time={each.proposedAt} exact />: {each.reason}
            </Text>
            {each.decidedBy !== null && each.decidedAt !== null && (
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {each.decidedBy} {each.status === 'rejected' ? 'rejected' : 'approved'} it{' '}
                <Ago time={each.decidedAt} exact />
                {each.soleMember && ' (nobody else could)'}
                {each.note !== null && `: “${each.note}”`}
              </Text>
            )}
            <Disclosure label="Its source">
              <Source label={`Version ${each.version}`} text={each.source} />
            </Disclosure>
          </div>
        ))}
      </Stack>
    </Paper>
  );
}
