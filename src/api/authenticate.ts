import type { Request } from 'express';
import type { Origin } from '../db/audit.js';
import { authenticate, type Principal } from '../db/people.js';
import type { OrganisationRole } from '../db/schema.js';
import type { KeyScope } from '../domain/key-scope.js';
import { BatonError } from '../domain/errors.js';
import type { ApiDeps } from './deps.js';

export const SESSION_COOKIE = 'baton_session';

/** Each role may do what those before it may. Whether a reviewer's word counts is the approval's policy. */
const LADDER: readonly OrganisationRole[] = ['reader', 'reviewer', 'author', 'admin'];

export const holds = (role: OrganisationRole, needed: OrganisationRole): boolean =>
  LADDER.indexOf(role) >= LADDER.indexOf(needed);

/**
 * Who sends a request: a key in the Authorization header, or a browser's session cookie, which counts only where the
 * request comes from Baton's own page. Throws `not-signed-in`; `wrong-host` and `wrong-origin`, as `RefusedSession` where
 * the session is known; `scope-missing` where the key is limited to other scopes than that of the route.
 */
export async function identify(req: Request, { db, baseUrl }: ApiDeps, scope?: KeyScope): Promise<Principal> {
  const header = req.get('authorization');
  if (header !== undefined) {
    const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(header)?.[1];
    const principal = key === undefined ? null : await authenticate(db, key);
    if (principal?.kind === 'key') return requireScope(principal, scope);
    throw new BatonError(
      'not-signed-in',
      'The key is unknown or has expired. Send `Authorization: Bearer <key>` with a key that is good.',
    );
  }
  const session = cookieOf(req);
  if (session !== null) {
    const known = await authenticate(db, session);
    const principal = known?.kind === 'session' ? known : null;
    try {
      refuseForeign(req, baseUrl);
    } catch (error) {
      throw principal && error instanceof BatonError ? new RefusedSession(error, principal) : error;
    }
    if (principal) return principal;
  }
  throw new BatonError(
    'not-signed-in',
    'Send `Authorization: Bearer <key>`, or open the sign-in link that `baton up` prints.',
  );
}

/** A key with scopes opens those, and nothing else. */
function requireScope(principal: Principal, scope: KeyScope | undefined): Principal {
  const { scopes } = principal;
  if (!scopes || (scope !== undefined && scopes.includes(scope))) return principal;
  throw new BatonError('scope-missing', `This key opens only ${scopes.join(', ')}. Use a key without scopes here.`);
}

/** A request with a good session that does not come from Baton's own page: somebody else may be acting with it. */
export class RefusedSession extends BatonError {
  readonly principal: Principal;

  constructor({ code, message }: BatonError, principal: Principal) {
    super(code, message);
    this.principal = principal;
  }
}

/** Where a request came from, for the audit trail. */
export const originOf = (req: Request): Omit<Origin, 'session'> => ({
  address: req.socket.remoteAddress ?? null,
  userAgent: req.get('user-agent')?.slice(0, 300) ?? null,
});

/** The session cookie of a request; null where it has none. */
export function cookieOf(req: Request): string | null {
  const pairs = (req.get('cookie') ?? '').split(/;\s*/).map((pair) => pair.split('='));
  return pairs.find(([name]) => name === SESSION_COOKIE)?.[1] ?? null;
}

/** A page of another site must not act with this browser's session, under whatever name it reaches us. */
export function refuseForeign(req: Request, baseUrl: string | null): void {
  const host = req.get('host') ?? '';
  if (!isOwnHost(host, baseUrl)) {
    throw new BatonError(
      'wrong-host',
      `Browsers sign in at ${baseUrl ?? 'a loopback address'}, not at ${host.slice(0, 100)}; set BATON_URL where it is served under another name.`,
    );
  }
  if (req.method === 'GET' || req.method === 'HEAD') return;
  const origin = req.get('origin') ?? '';
  if (!URL.canParse(origin) || new URL(origin).host !== host) {
    throw new BatonError('wrong-origin', 'A browser may change things from the page of Baton itself only.');
  }
}

function isOwnHost(host: string, baseUrl: string | null): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  if (['localhost', '[::1]'].includes(hostname) || /^127\.\d+\.\d+\.\d+$/.test(hostname)) return true;
  return baseUrl !== null && new URL(baseUrl).host === host;
}
