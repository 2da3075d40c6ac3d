import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { FoundLogin, Login } from './login.js';

const MAX_BYTES = 256 * 1024;
const SIGN_IN = 'run `codex login` on the worker’s host, as its user';

/** What Codex keeps of a ChatGPT login, as far as it is needed here. */
const authFile = z.looseObject({
  tokens: z
    .looseObject({
      access_token: z.string().min(1),
      account_id: z.string().min(1),
      id_token: z.string().optional(),
      refresh_token: z.string().optional(),
    })
    .nullish(),
});

/**
 * Codex's login by ChatGPT. The worker reads the access token from the file at each attempt. The file itself never enters a
 * sandbox: renewing a login makes its refresh token void, and what a sandbox renewed would be lost.
 */
export const chatGptLogin: Login = {
  how: `${SIGN_IN}; it is read from auth.json in CODEX_HOME, by default ~/.codex`,
  route: { url: 'https://chatgpt.com/backend-api/codex', paths: ['/responses'], env: {} },
  find({ CODEX_HOME, HOME = '/nonexistent' }) {
    const file = join(CODEX_HOME ?? join(HOME, '.codex'), 'auth.json');
    const text = read(file);
    if (text === null) return `Codex has no login on this worker: ${SIGN_IN}.`;
    const tokens = parse(text)?.tokens;
    if (!tokens) return `Codex is not signed in by ChatGPT on this worker: ${SIGN_IN}.`;
    if (isExpired(tokens.access_token))
      return 'The ChatGPT login of this worker has expired: run any prompt with `codex` on its host, as its user, which renews it; or sign in again with `codex login`.';
    return foundIn(tokens);
  },
};

function foundIn(tokens: NonNullable<z.infer<typeof authFile>['tokens']>): FoundLogin {
  const { access_token, account_id, id_token, refresh_token } = tokens;
  return {
    headers: { authorization: `Bearer ${access_token}`, 'chatgpt-account-id': account_id },
    account: account_id,
    secrets: [access_token, id_token, refresh_token].filter((secret) => secret !== undefined),
  };
}

function read(file: string): string | null {
  try {
    return statSync(file).size > MAX_BYTES ? null : readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function parse(text: string): z.infer<typeof authFile> | null {
  try {
    return authFile.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const claims = z.looseObject({ exp: z.number() });

/** By the claim `exp` of a JSON Web Token (RFC 7519, 4.1.4); a token that is none is left to its provider. */
function isExpired(token: string): boolean {
  try {
    const { exp } = claims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
    return exp * 1000 <= Date.now();
  } catch {
    return false;
  }
}
