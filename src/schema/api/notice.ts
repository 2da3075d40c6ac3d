import { z } from 'zod';
import { channelName } from '../channel.js';
import { recordedError, time, uuid } from './fields.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

const status = z.enum(['pending', 'sent', 'failed']);

export const notice = named(
  'Notice',
  z.object({
    id: uuid,
    channel: z.string().describe('Name of the channel'),
    event: z.string().describe('What it is about, for programs'),
    run: z.int().nullable().describe('Number of the run that it is of'),
    urgent: z.boolean().describe('Passes through quiet hours'),
    title: z.string(),
    text: z.string(),
    status,
    attempts: z.int(),
    error: recordedError.nullable().describe('Why the last try failed'),
    createdAt: time,
    heldUntil: time.nullable().describe('The end of the quiet hours that held it'),
    settledAt: time.nullable().describe('When it was sent, or given up'),
  }),
);
export const noticePage = named('NoticePage', page(notice));
export const noticeQuery = z.strictObject({
  ...pageQuery,
  status: status.optional().describe('`failed`: the dead letters'),
  channel: channelName.optional(),
});
