import { Stack, Text } from '@mantine/core';
import type { Approval } from '../../api/schemas';
import { Ago } from '../../components/time';

/** Who decided what, and why. */
export function DecisionList({ decisions }: Pick<Approval, 'decisions'>) {
  if (decisions.length === 0) return null;
  return (
    <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Decisions">
      {decisions.map(({ by, inPlaceOf, verdict, note, at }) => (
        <Text key={by} component="li" size="sm" style={{ overflowWrap: 'anywhere' }}>
          <b>{by}</b> {verdict === 'approve' ? 'approved' : 'rejected'}
          {inPlaceOf.length > 0 && ` for ${inPlaceOf.join(', ')}`} <Ago time={at} />
          {note !== null && `: “${note}”`}
        </Text>
      ))}
    </Stack>
  );
}
