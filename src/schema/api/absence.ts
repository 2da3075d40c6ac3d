import { z } from 'zod';
import { line, time, uuid } from './fields.js';
import { named } from './named.js';

const absence = z.object({
  id: uuid,
  startsAt: time,
  endsAt: time,
  delegate: z.string().nullable().describe('Handle of whoever decides meanwhile'),
  note: z.string().nullable(),
});
export const absences = named(
  'Absences',
  z.object({
    items: z.array(absence).describe('Those that are not over'),
    delegates: z.array(z.string()).describe('Handles of those who may decide in your place'),
  }),
);

const MAX_DAYS = 366;
const moment = z.iso.datetime({ offset: true });
/** How long it lasts; not a number where a time is none, which is told by itself. */
const lengthMs = ({ from, until }: { readonly from?: string | undefined; readonly until: string }): number =>
  Date.parse(until) - (from === undefined ? Date.now() : Date.parse(from));

export const newAbsence = named(
  'NewAbsence',
  z
    .strictObject({
      from: moment.optional().describe('Left out: now'),
      until: moment,
      delegate: line(100).nullish().describe('Handle of whoever decides meanwhile; left out: nobody'),
      note: z.string().trim().max(1000).nullish(),
    })
    .refine((absence) => !(lengthMs(absence) <= 0) && !(Date.parse(absence.until) <= Date.now()), {
      path: ['until'],
      error: 'is later than `from`, and not over',
    })
    .refine((absence) => !(lengthMs(absence) > MAX_DAYS * 24 * 3600_000), {
      path: ['until'],
      error: `is at most ${MAX_DAYS} days after \`from\``,
    }),
);
export const openedAbsence = named('OpenedAbsence', z.object({ id: uuid }));
