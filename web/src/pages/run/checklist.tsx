import { Badge, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { CircleCheck, CircleDashed, CircleX, type LucideIcon } from 'lucide-react';
import type { ChecklistItem, Step } from '../../api/schemas';
import { isOpen } from '../../components/status';
import { Ago, formatDuration } from '../../components/time';
import classes from './run.module.css';

const LOOK: Readonly<Record<ChecklistItem['status'], { readonly icon: LucideIcon; readonly colour: string }>> = {
  done: { icon: CircleCheck, colour: 'green' },
  failed: { icon: CircleX, colour: 'red' },
  open: { icon: CircleDashed, colour: 'gray' },
};

/** `3/7`; null where nothing is listed. */
export function checklistCount({ checklist }: Pick<Step, 'checklist'>): string | null {
  if (checklist.length === 0) return null;
  return `${checklist.filter(({ status }) => status === 'done').length}/${checklist.length}`;
}

/** What is to do in a step, what its agent says is done, and where whoever goes on begins. */
export function Checklist({ step }: { readonly step: Step }) {
  const { checklist, status, usualSeconds } = step;
  if (checklist.length === 0) return null;
  const done = checklist.filter((item) => item.status === 'done').length;
  const next = isOpen(status) || status === 'failed' ? checklist.find((item) => item.status !== 'done') : undefined;
  return (
    <Stack component="section" gap="xs" aria-labelledby="checklist">
      <Group justify="space-between" gap="xs">
        <Title order={3} size="h6" id="checklist">
          Checklist
        </Title>
        <Text size="sm" role="status">
          <strong>
            {done}/{checklist.length}
          </strong>{' '}
          done
          {usualSeconds !== null && isOpen(status) && `, usually takes ${formatDuration(usualSeconds * 1_000)} in all`}
        </Text>
      </Group>
      <Progress
        value={(done / checklist.length) * 100}
        size="sm"
        color="green"
        aria-label={`${done} of ${checklist.length} items are done`}
      />
      <ol className={classes['items']}>
        {checklist.map((item) => (
          <Item key={item.text} item={item} isNext={item === next} />
        ))}
      </ol>
    </Stack>
  );
}

function Item({ item, isNext }: { readonly item: ChecklistItem; readonly isNext: boolean }) {
  const { text, source, status, note, by, at } = item;
  const { icon: Icon, colour } = LOOK[status];
  return (
    <li data-item-status={status} aria-current={isNext ? 'step' : undefined}>
      <Icon size={16} aria-hidden style={{ color: `var(--status-${colour})`, flex: 'none', marginTop: 3 }} />
      <div>
        <span className="visually-hidden">{status}: </span>
        <Text span size="sm" fw={isNext ? 650 : 400}>
          {text}
        </Text>{' '}
        {source === 'required' && (
          <Badge variant="default" size="xs" tt="none">
            required
          </Badge>
        )}
        {(by !== null || note !== null) && (
          <Text size="xs" c="dimmed">
            {by?.name}
            {by !== null && at !== null && (
              <>
                , <Ago time={at} />
              </>
            )}
            {note !== null && `${by === null ? '' : ': '}${note}`}
          </Text>
        )}
      </div>
    </li>
  );
}
