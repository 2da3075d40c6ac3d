import { Button, Group } from '@mantine/core';
import { Check, X } from 'lucide-react';

type Verdict = 'approve' | 'reject';

interface VerdictButtonsProps {
  /** What is decided, where there may be several on a page. */
  readonly of?: string;
  readonly deciding: (verdict: Verdict) => boolean;
  readonly onPress: (verdict: Verdict) => void;
}

export function VerdictButtons({ of = '', deciding, onPress }: VerdictButtonsProps) {
  const button = (verdict: Verdict, other: Verdict) => ({
    loading: deciding(verdict),
    disabled: deciding(other),
    onClick: () => onPress(verdict),
  });
  return (
    <Group gap="sm">
      <Button color="#237032" leftSection={<Check size={16} aria-hidden />} {...button('approve', 'reject')}>
        {`Approve ${of}`.trim()}
      </Button>
      <Button color="red" variant="default" leftSection={<X size={16} aria-hidden />} {...button('reject', 'approve')}>
        {`Reject ${of}`.trim()}
      </Button>
    </Group>
  );
}
