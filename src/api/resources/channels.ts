import { listChannels, removeChannel, saveChannel } from '../../db/channels.js';
import type { JsonObject } from '../../domain/json.js';
import {
  channelPage,
  channelParams,
  channelQuery,
  newChannel,
  removedChannel,
  savedChannel,
} from '../../schema/api/channel.js';
import { route } from '../route.js';

const tag = 'Notices';

export const channelRoutes = [
  route({
    method: 'get',
    path: '/channels',
    id: 'listChannels',
    tag,
    summary: 'Channels by name; their secrets are in the environment of the workers only',
    role: 'admin',
    query: channelQuery,
    response: channelPage,
    handle: ({ query, read }) => read((tx) => listChannels(tx, query)),
  }),
  route({
    method: 'post',
    path: '/channels',
    id: 'saveChannel',
    tag,
    summary: 'Make a channel, or bring the one of that name up to date',
    role: 'admin',
    action: 'channel.save',
    body: newChannel,
    status: 201,
    response: savedChannel,
    handle: async ({ body, principal, write, about }) => {
      const { name, kind, settings, secretEnv, quietHours } = body;
      about(`channel:${name}`, { kind });
      const { organisationId } = principal;
      const id = await write((tx) =>
        saveChannel(tx, organisationId, {
          name,
          kind,
          settings: settings as JsonObject,
          secretEnv: secretEnv ?? null,
          quietHours: quietHours ?? null,
        }),
      );
      return { id, name };
    },
  }),
  route({
    method: 'delete',
    path: '/channels/:name',
    id: 'removeChannel',
    tag,
    summary: 'Take a channel away',
    role: 'admin',
    action: 'channel.remove',
    params: channelParams,
    response: removedChannel,
    handle: async ({ params: { name }, write, about }) => {
      about(`channel:${name}`);
      await write((tx) => removeChannel(tx, name));
      return { name };
    },
  }),
];
