import { Anchor, Group, Text } from '@mantine/core';
import { Download } from 'lucide-react';
import type { Artifact } from '../../api/schemas';

/** Everything that was kept, to take along. */
export function ArtifactLinks({ artifacts }: { readonly artifacts: readonly Artifact[] }) {
  if (artifacts.length === 0) return null;
  return (
    <Group gap="md">
      {artifacts.map(({ id, name, bytes, closed }) => (
        <Anchor key={id} href={`/api/artifacts/${id}`} download={name} size="sm">
          <Group gap={4} component="span" wrap="nowrap">
            <Download size={14} aria-hidden />
            {name}
            <Text span size="xs" c="dimmed">
              {formatBytes(bytes)}
              {!closed && ', growing'}
            </Text>
          </Group>
        </Anchor>
      ))}
    </Group>
  );
}

const KIB = 1024;

export function formatBytes(bytes: number): string {
  if (bytes < KIB) return `${bytes} B`;
  if (bytes < KIB * KIB) return `${(bytes / KIB).toFixed(1)} KiB`;
  return `${(bytes / KIB / KIB).toFixed(1)} MiB`;
}
