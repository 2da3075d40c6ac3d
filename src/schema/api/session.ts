import { z } from 'zod';
import { time } from './fields.js';
import { named } from './named.js';

const PAGE_PATH = /^\/(?![/\\])[^\\\s]*$/;

/** An address of Baton's own page; anything else would lead a person who signs in somewhere else. */
export const pagePath = z.string().max(1000).regex(PAGE_PATH, 'use a path of the page, such as /approvals');

export const newSignInLink = named(
  'NewSignInLink',
  z.strictObject({ next: pagePath.default('/').describe('Where the browser goes then') }),
);

export const signInLink = named(
  'SignInLink',
  z.object({ url: z.string().describe('To be opened once, in a browser; relative to this address'), expiresAt: time }),
);
