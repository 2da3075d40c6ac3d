import { Badge, Code, Group, Stack, Text } from '@mantine/core';
import type { Finding } from '../api/schemas';

const COLOURS: Readonly<Record<Finding['severity'], string>> = {
  critical: 'red',
  high: 'red',
  medium: 'orange',
  low: 'yellow',
  info: 'gray',
};

/** What reviews and scanners found, the most severe first. */
export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
      {findings.map(({ rule, severity, message, file, line, fix }, index) => (
        <li key={index}>
          <Group gap={8} wrap="nowrap" align="flex-start">
            <Badge
              variant="light"
              color={COLOURS[severity]}
              size="sm"
              tt="none"
              style={{ flex: 'none', color: 'var(--mantine-color-text)' }}
            >
              {severity}
            </Badge>
            <div style={{ minWidth: 0 }}>
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {message}
              </Text>
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {rule}
                {file !== null && (
                  <>
                    {' in '}
                    <Code fz="xs">{line === null ? file : `${file}:${line}`}</Code>
                  </>
                )}
              </Text>
              {fix !== null && <Text size="xs">Fix: {fix}</Text>}
            </div>
          </Group>
        </li>
      ))}
    </Stack>
  );
}
