import { Code, Group, Stack, Text } from '@mantine/core';
import { CircleCheck, CircleHelp, CircleX, type LucideIcon } from 'lucide-react';
import type { GateResult } from '../api/schemas';
import { Commit } from './commit';
import { Disclosure } from './disclosure';
import { formatDuration } from './time';

export const VERDICT_LOOK: Readonly<
  Record<GateResult['verdict'], { readonly icon: LucideIcon; readonly colour: string }>
> = {
  pass: { icon: CircleCheck, colour: 'green' },
  fail: { icon: CircleX, colour: 'red' },
  inconclusive: { icon: CircleHelp, colour: 'yellow' },
};

interface GateListProps {
  readonly gates: readonly GateResult[];
  /** The commit that a decision is about: what was run on another is marked. */
  readonly about?: string | null;
}

/** What each gate said, and of which commit. */
export function GateList({ gates, about = null }: GateListProps) {
  return (
    <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
      {gates.map((gate) => (
        <Gate
          key={`${gate.gate}/${gate.commit}/${gate.at}`}
          gate={gate}
          isOld={about !== null && gate.commit !== about}
        />
      ))}
    </Stack>
  );
}

interface GateProps {
  readonly gate: GateResult;
  readonly isOld: boolean;
}

function Gate({
  gate: { gate, verdict, summary, commit, durationMs, mend, command, exitCode, tail },
  isOld,
}: GateProps) {
  const { icon: Icon, colour } = VERDICT_LOOK[verdict];
  return (
    <li data-gate={gate} data-verdict={verdict}>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <Icon size={18} aria-hidden style={{ color: `var(--status-${colour})`, flex: 'none', marginTop: 2 }} />
        <div style={{ minWidth: 0, flex: 1 }}>
          <Text size="sm">
            <Text span fw={600} inherit>
              {gate}: {verdict}
            </Text>{' '}
            — {summary}
          </Text>
          {mend !== null && <Text size="sm">To make it conclusive: {mend}</Text>}
          <Text size="xs" c="dimmed">
            run on <Commit id={commit} />
            {isOld && ', an earlier commit,'} in {formatDuration(durationMs)}
          </Text>
          {(command !== null || tail !== '') && (
            <Disclosure label="Command and the end of its output">
              {command !== null && (
                <Text size="xs" mb={4}>
                  <Code>{command}</Code> {exitCode !== null && `ended with ${exitCode}`}
                </Text>
              )}
              <Code block fz="xs" mah={280} style={{ overflow: 'auto' }} tabIndex={0}>
                {tail === '' ? 'It printed nothing.' : tail}
              </Code>
            </Disclosure>
          )}
        </div>
      </Group>
    </li>
  );
}
