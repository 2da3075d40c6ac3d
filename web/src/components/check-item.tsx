import { Code, Group, Stack, Text } from '@mantine/core';
import { CircleCheck, CircleHelp, CircleX, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { GateResult } from '../api/schemas';
import { Disclosure } from './disclosure';
import { StatusIcon } from './status';

type Status = GateResult['verdict'] | 'running';

const LOOK: Readonly<Record<GateResult['verdict'], { readonly icon: LucideIcon; readonly colour: string }>> = {
  pass: { icon: CircleCheck, colour: 'green' },
  fail: { icon: CircleX, colour: 'red' },
  inconclusive: { icon: CircleHelp, colour: 'yellow' },
};

interface CheckItemProps extends Pick<GateResult, 'summary' | 'command' | 'exitCode' | 'tail' | 'mend'> {
  readonly name: string;
  /** As people call it. Default: its name. */
  readonly title?: string;
  readonly status: Status;
  /** When, how long, on which commit. */
  readonly about: ReactNode;
  /** Whether the output is shown without a click. */
  readonly open?: boolean;
}

/** One check of a list: its status, the way to fix it, and the end of its output. */
export function CheckItem({ name, title = name, status, about, open = false, ...said }: CheckItemProps) {
  const { summary, command, exitCode, tail, mend } = said;
  return (
    <li data-gate={name} data-verdict={status}>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <CheckIcon status={status} />
        <Stack gap={2} style={{ minWidth: 0, flex: 1 }}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <Text span fw={600} inherit>
              {title}: {status}
            </Text>
            {summary !== '' && ` — ${summary}`}
          </Text>
          {mend !== null && (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              How to fix it: {mend}
            </Text>
          )}
          <Text size="xs" c="dimmed">
            {about}
          </Text>
          {status !== 'running' && (command !== null || tail !== '') && (
            <Disclosure label="Command and the end of its output" open={open}>
              {command !== null && (
                <Text size="xs" mb={4} style={{ overflowWrap: 'anywhere' }}>
                  <Code>{command}</Code> {exitCode !== null && `ended with ${exitCode}`}
                </Text>
              )}
              <Code block fz="xs" mah={280} style={{ overflow: 'auto' }} tabIndex={0}>
                {tail === '' ? 'It printed nothing.' : tail}
              </Code>
            </Disclosure>
          )}
        </Stack>
      </Group>
    </li>
  );
}

function CheckIcon({ status }: { readonly status: Status }) {
  if (status === 'running') return <StatusIcon status="running" size={18} />;
  const { icon: Icon, colour } = LOOK[status];
  return <Icon size={18} aria-hidden style={{ color: `var(--status-${colour})`, flex: 'none', marginTop: 2 }} />;
}
