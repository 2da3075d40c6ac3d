import { createApiKey, endSession } from '../../db/people.js';
import { BatonError } from '../../domain/errors.js';
import { newSignInLink, signInLink } from '../../schema/api/session.js';
import { SESSION_COOKIE } from '../authenticate.js';
import { rawRoute, route } from '../route.js';

const tag = 'You';
const LINK_MS = 15 * 60_000;

export const sessionRoutes = [
  route({
    method: 'post',
    path: '/sign-in-links',
    id: 'createSignInLink',
    tag,
    summary: 'A link that signs you in to the page, once, within 15 minutes. Each try gives a new one',
    role: 'reader',
    action: 'sign-in-link.create',
    secret: true,
    body: newSignInLink,
    status: 201,
    response: signInLink,
    handle: async ({ body: { next }, principal, about, write }) => {
      const { organisationId, personId, handle } = principal;
      about(`person:${handle}`);
      const expiresAt = new Date(Date.now() + LINK_MS);
      const token = await write((tx) =>
        createApiKey(tx, { organisationId, personId, label: 'sign-in link', kind: 'sign-in', expiresAt }),
      );
      return { url: `/sign-in?${new URLSearchParams({ token, ...(next !== '/' && { next }) }).toString()}`, expiresAt };
    },
  }),
  rawRoute({
    method: 'delete',
    path: '/session',
    id: 'endSession',
    tag,
    summary: 'Sign out: the session of this browser ends',
    role: 'reader',
    action: 'session.end',
    produces: {},
    serve: async ({ principal, about, write }, _deps, _req, res) => {
      about(`person:${principal.handle}`);
      if (principal.kind !== 'session')
        throw new BatonError('not-a-session', 'This request has a key; only a browser that signed in can sign out.');
      await write((tx) => endSession(tx, principal.keyId));
      res.clearCookie(SESSION_COOKIE, { httpOnly: true, sameSite: 'strict', path: '/' }).status(204).end();
    },
  }),
];
