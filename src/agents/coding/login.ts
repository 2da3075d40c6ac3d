import { PROXY_ADDRESS } from '../../sandbox/network/way-out.js';
import type { Door } from '../../sandbox/policy.js';

/** Variables of the worker. */
type Variables = Readonly<Record<string, string | undefined>>;

/** How a program signs in with somebody's login in place of an API key. */
export interface Login {
  /** How the login is made, as a sentence for people says it. */
  readonly how: string;
  /**
   * Where the program's requests go, and which paths below it: they pass a route of the sandbox's proxy, which adds the
   * token outside. Left out: the program has the token itself.
   */
  readonly route?: {
    readonly url: string;
    readonly paths: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
  /** Finds the login on this worker, or says what is missing. */
  find(variables: Variables): FoundLogin | string;
}

export interface FoundLogin {
  /** What requests carry, where they pass the route. */
  readonly headers: Readonly<Record<string, string>>;
  /** The token as the program itself reads it; left out: it cannot, so it runs only in a sandbox. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the login is of: the same after its token was renewed. */
  readonly account: string;
  readonly secrets: readonly string[];
}

/** A login as a program starts with it. */
export interface SignedIn {
  readonly env: Readonly<Record<string, string>>;
  /** Where the program asks its model; null: where it asks by itself. */
  readonly baseUrl: string | null;
  /** Of the sandbox's proxy. */
  readonly doors: Readonly<Record<string, Door>>;
}

/** Where the token of a login is, as the attempt's log says it. */
export const tellLogin = ({ doors }: SignedIn): string =>
  Object.keys(doors).length > 0
    ? 'signed in with a login; its token stays outside the sandbox'
    : 'signed in with a login; the program has its token in its environment';

const PATH = '/model';

/**
 * Where the program finds its model. In a sandbox the token stays outside where the program can be told an address: a path
 * of the proxy leads there, and the program has a placeholder.
 *
 * @param baseUrl where its model answers, where the agent's entry names an address.
 */
export function signInBy(
  { route }: Login,
  { headers, env }: FoundLogin,
  { baseUrl, hasSandbox }: { readonly baseUrl: string | null; readonly hasSandbox: boolean },
): SignedIn | null {
  if (!route || !hasSandbox) return env ? { env, baseUrl, doors: {} } : null;
  const door: Door = { url: (baseUrl ?? route.url).replace(/\/+$/, ''), paths: route.paths, headers };
  return { env: route.env, baseUrl: `${PROXY_ADDRESS}${PATH}`, doors: { [PATH]: door } };
}
