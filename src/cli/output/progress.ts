import type { z } from 'zod';
import type { checklistItem, progress } from '../../schema/api/checklist.js';
import { plain } from './style.js';

/** `3/7`. */
export const countLine = ({ done, of }: { readonly done: number; readonly of: number }): string => `${done}/${of}`;

/** Where a run is: its steps, and the checklists of those at work. */
export function progressLine({ steps, checklist }: z.output<typeof progress>): string {
  const next = checklist?.next ? `, next: ${plain(checklist.next)}` : '';
  return `steps ${countLine(steps)}${checklist ? ` · checklist ${countLine(checklist)}${next}` : ''}`;
}

export const countItems = (items: readonly z.output<typeof checklistItem>[]): string =>
  countLine({ done: items.filter(({ status }) => status === 'done').length, of: items.length });
