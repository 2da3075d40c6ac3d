import { hasLabel, isSameLabel, labelKey } from './label.js';

export const TASK_TYPES = ['feature', 'bugfix', 'refactor', 'docs', 'review', 'test', 'audit'] as const;
export type TaskType = (typeof TASK_TYPES)[number];

export const PRIORITIES = ['P0', 'P1', 'P2', 'P3'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const TASK_STATUSES = [
  'pending',
  'in-progress',
  'testing',
  'ready-for-review',
  'completed',
  'blocked',
  'failed',
  'retrying',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** R2.3: pending → in progress → testing → ready for review → completed, with blocked, and failed → retrying → testing. */
const NEXT: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  pending: ['in-progress', 'blocked', 'failed'],
  'in-progress': ['testing', 'blocked', 'failed'],
  testing: ['ready-for-review', 'blocked', 'failed'],
  'ready-for-review': ['completed', 'blocked', 'failed'],
  blocked: ['pending', 'failed'],
  failed: ['retrying'],
  retrying: ['testing', 'failed'],
  completed: [],
};

export const mayTransition = (from: TaskStatus, to: TaskStatus): boolean => NEXT[from].includes(to);

const WAY = ['pending', 'in-progress', 'testing', 'ready-for-review'] as const satisfies readonly TaskStatus[];

/**
 * What work that asks for a status does to a task: a later step that starts over, such as a second change after the
 * first was tested, takes nothing back. Whatever else the lifecycle does not know is refused.
 */
export function moveTask(from: TaskStatus, to: TaskStatus): 'moves' | 'stays' | 'refused' {
  if (mayTransition(from, to)) return 'moves';
  const [reached, asked] = [from === 'retrying' ? 'in-progress' : from, to].map((status) =>
    WAY.findIndex((known) => known === status),
  );
  return from === to || (asked! >= 0 && reached! >= asked!) ? 'stays' : 'refused';
}

/**
 * The status that a task is brought to when a step with `action` starts on it; null where the action says nothing of it.
 * A change is being tested from when its gates begin.
 */
export function taskStatusFor(action: string): TaskStatus | null {
  if (action === 'code.writeTests' || action === 'test.verify') return 'testing';
  if (action.startsWith('code.')) return 'in-progress';
  if (action === 'github.createPR') return 'ready-for-review';
  return null;
}

const OTHER_LABELS = new Map<string, TaskType>([
  ['bug', 'bugfix'],
  ['security', 'audit'],
]);

/** The type of task that an issue's labels ask for. */
export function taskTypeFor(labels: readonly string[]): TaskType {
  for (const label of labels) {
    const type = OTHER_LABELS.get(labelKey(label)) ?? TASK_TYPES.find((known) => isSameLabel(known, label));
    if (type) return type;
  }
  return 'feature';
}

/** The priority that an issue's labels ask for; P2 where they say nothing. */
export const priorityFor = (labels: readonly string[]): Priority =>
  PRIORITIES.find((priority) => hasLabel(labels, priority)) ?? 'P2';
