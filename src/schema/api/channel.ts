import { z } from 'zod';
import { channelDefinition, channelKind, channelName, quietHours } from '../channel.js';
import { json, time, uuid } from './fields.js';
import { named } from './named.js';
import { page, pageQuery } from './page.js';

export const channel = named(
  'Channel',
  z.object({
    id: uuid,
    name: z.string(),
    kind: channelKind,
    settings: z.record(z.string(), json),
    secretEnv: z.string().nullable().describe('The variable of the workers that holds its secret'),
    quietHours: quietHours.nullable(),
    createdAt: time,
  }),
);
export const channelPage = named('ChannelPage', page(channel));
export const channelQuery = z.strictObject(pageQuery);

export const newChannel = named('NewChannel', channelDefinition);
export const savedChannel = named('SavedChannel', z.object({ id: uuid, name: z.string() }));
export const removedChannel = named('RemovedChannel', z.object({ name: z.string() }));
export const channelParams = z.object({ name: channelName });
