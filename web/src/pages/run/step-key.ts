import type { RunDetail, Step, StepStatus } from '../../api/schemas';

/** Names a step of a run, or one item of a mapped one; as it stands in the address. */
export const stepKey = ({ id, item }: Pick<Step, 'id' | 'item'>): string => (item === null ? id : `${id}/${item}`);

export const stepLabel = ({ name, item }: Pick<Step, 'name' | 'item'>): string =>
  item === null ? name : `${name}, item ${item + 1}`;

/** What somebody who opens a run wants to see: what went wrong, what waits, what runs; else the last that did anything. */
const FIRST: readonly StepStatus[] = ['failed', 'waiting', 'running'];

export function stepOfInterest({ steps }: Pick<RunDetail, 'steps'>): Step | undefined {
  for (const status of FIRST) {
    const found = steps.find((step) => step.status === status);
    if (found) return found;
  }
  return steps.findLast(({ startedAt }) => startedAt !== null) ?? steps[0];
}
