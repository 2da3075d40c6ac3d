/** Subjects that other systems may send; `*` stands for one segment. */
export const OUTSIDE_SUBJECTS = [
  'graph.file.updated',
  'graph.symbol.changed',
  'audit.result.*',
  'hub.health.status',
  'workflow.trigger.*',
] as const;

export type OutsideEventType =
  | 'graph.file.updated'
  | 'graph.symbol.changed'
  | 'hub.health.status'
  | `audit.result.${string}`
  | `workflow.trigger.${string}`;

const segmentsOf = (subject: string): readonly string[] => subject.split('.');

/** Whether a subject is one of a pattern's: `*` stands for one segment. */
export function matchesSubject(pattern: string, subject: string): boolean {
  const [wanted, given] = [segmentsOf(pattern), segmentsOf(subject)];
  return wanted.length === given.length && wanted.every((segment, at) => segment === '*' || segment === given[at]);
}

/** Whether other systems may send events of this type. */
export const isOutsideEvent = (type: string): type is OutsideEventType =>
  segmentsOf(type).every((segment) => /^[A-Za-z0-9][\w-]*$/.test(segment)) &&
  OUTSIDE_SUBJECTS.some((subject) => matchesSubject(subject, type));

/** Whether a trigger's pattern, such as `audit.result.*` or `workflow.trigger.deploy`, waits for events of other systems. */
export const isOutsidePattern = (pattern: string): boolean =>
  OUTSIDE_SUBJECTS.some((subject) => {
    const [wanted, given] = [segmentsOf(pattern), segmentsOf(subject)];
    return (
      wanted.length === given.length &&
      wanted.every((segment, at) => segment === '*' || given[at] === '*' || segment === given[at])
    );
  });

/** The pipeline that an event starts by its name; null: it starts those that wait for it. */
export const pipelineNamedBy = (type: string): string | null => /^workflow\.trigger\.([^.]+)$/.exec(type)?.[1] ?? null;
