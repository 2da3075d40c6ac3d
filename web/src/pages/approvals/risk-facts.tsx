import { Badge, Text } from '@mantine/core';
import type { Approval } from '../../api/schemas';
import { Fact } from '../../components/facts';

type Risk = NonNullable<Approval['risk']>;

const COLOUR: Readonly<Record<Risk['tier'], string>> = { low: 'gray', medium: 'blue', high: 'red' };
const SHOWN = 3;

export const RiskBadge = ({ tier }: Pick<Risk, 'tier'>) => (
  <Badge variant="light" color={COLOUR[tier]} size="sm" tt="none" fw={600}>
    {tier} risk
  </Badge>
);

/** How risky it is, and what made it so. */
export function RiskFacts({ risk: { tier, reasons } }: { readonly risk: Risk }) {
  const decisive = reasons.filter((reason) => reason.tier === tier);
  const more = decisive.length - SHOWN;
  return (
    <Fact name="Risk">
      <RiskBadge tier={tier} />{' '}
      {decisive
        .slice(0, SHOWN)
        .map(({ why }) => why)
        .join('; ')}
      {more > 0 && (
        <Text span size="sm" c="dimmed">
          {' '}
          and {more} more
        </Text>
      )}
    </Fact>
  );
}
