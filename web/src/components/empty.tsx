import { Code, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyProps {
  readonly title: string;
  readonly children: ReactNode;
  /** A command that makes something appear here. */
  readonly command?: string;
}

/** Nothing here, and what to do about it. */
export function Empty({ title, children, command }: EmptyProps) {
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="xs" ta="center">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text c="dimmed" maw={560}>
          {children}
        </Text>
        {command !== undefined && (
          <Code block fz="sm" mt="xs" maw="100%" style={{ overflowX: 'auto' }} tabIndex={0}>
            {command}
          </Code>
        )}
      </Stack>
    </Paper>
  );
}
