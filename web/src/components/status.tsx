import { Badge } from '@mantine/core';
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Hand,
  Hourglass,
  LoaderCircle,
  MessageCircleQuestion,
  SkipForward,
  type LucideIcon,
} from 'lucide-react';
import type { Attempt, StepStatus } from '../api/schemas';
import classes from './status.module.css';

interface Look {
  readonly word: string;
  readonly colour: string;
  readonly icon: LucideIcon;
}

type Standing = StepStatus | Attempt['status'];

/** Green done, yellow running, blue waiting, red failed, gray pending; always with its word and its shape. */
export const STATUS: Readonly<Record<Standing, Look>> = {
  pending: { word: 'pending', colour: 'gray', icon: CircleDashed },
  running: { word: 'running', colour: 'yellow', icon: LoaderCircle },
  waiting: { word: 'waiting', colour: 'blue', icon: Hand },
  asked: { word: 'asked', colour: 'blue', icon: MessageCircleQuestion },
  limited: { word: 'waits for its provider', colour: 'blue', icon: Hourglass },
  succeeded: { word: 'succeeded', colour: 'green', icon: CircleCheck },
  failed: { word: 'failed', colour: 'red', icon: CircleX },
  cancelled: { word: 'cancelled', colour: 'gray', icon: Ban },
  skipped: { word: 'skipped', colour: 'gray', icon: SkipForward },
};

export const RUN_STATUSES = ['waiting', 'running', 'pending', 'succeeded', 'failed', 'cancelled'] as const;

export const isOpen = (status: StepStatus): boolean =>
  status === 'pending' || status === 'running' || status === 'waiting';

export function StatusIcon({ status, size = 16 }: { readonly status: Standing; readonly size?: number }) {
  const { icon: Icon, colour } = STATUS[status];
  return (
    <Icon
      size={size}
      aria-hidden
      className={status === 'running' ? classes['turning'] : undefined}
      style={{ color: `var(--status-${colour})`, flex: 'none' }}
    />
  );
}

interface StatusBadgeProps {
  readonly status: Standing;
  /** Instead of the status' own. */
  readonly word?: string;
  readonly size?: 'sm' | 'md' | 'lg';
}

export function StatusBadge({ status, word, size = 'md' }: StatusBadgeProps) {
  const { word: own, colour } = STATUS[status];
  return (
    <Badge
      variant="light"
      color={colour}
      size={size}
      tt="none"
      fw={600}
      data-status={status}
      leftSection={<StatusIcon status={status} size={14} />}
      className={classes['badge']}
    >
      {word ?? own}
    </Badge>
  );
}
