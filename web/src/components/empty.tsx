import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyProps {
  readonly title: string;
  readonly children: ReactNode;
  /** What makes something appear here. */
  readonly action?: ReactNode;
}

/** Nothing here, and what to do about it. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <Paper withBorder p={{ base: 'lg', sm: 'xl' }}>
      <Stack align="center" gap="xs" ta="center">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text c="dimmed" maw={560}>
          {children}
        </Text>
        {action}
      </Stack>
    </Paper>
  );
}
