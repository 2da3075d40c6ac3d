import type { Environment } from '../schema/environment.js';

export interface Addresses {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly url: string;
  readonly port: number;
}

/** The environment of the API and of the worker: ours, with the addresses of what they talk to. */
export function childrenEnvironment(environment: Environment, addresses: Addresses): NodeJS.ProcessEnv {
  const embeddedTemporal = environment.temporalAddress === undefined;
  const inherited = Object.entries(process.env).filter(([name]) => !(embeddedTemporal && name.startsWith('TEMPORAL_')));
  return {
    ...Object.fromEntries(inherited),
    DATABASE_URL: addresses.databaseUrl,
    TEMPORAL_ADDRESS: addresses.temporalAddress,
    TEMPORAL_NAMESPACE: environment.temporalNamespace,
    // A person's own Temporal profile, with its TLS and keys, is not for the embedded server.
    ...(embeddedTemporal ? { TEMPORAL_CONFIG_FILE: '/dev/null' } : {}),
    BATON_DATA_DIR: environment.dataDirectory,
    BATON_CACHE_DIR: environment.cacheDirectory,
    BATON_HOST: environment.host,
    BATON_PORT: String(addresses.port),
    BATON_URL: addresses.url,
  };
}
