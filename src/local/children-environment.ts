import type { Environment } from '../schema/environment.js';
import { layoutOf } from './data-directory.js';

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
    ...(embeddedTemporal ? { TEMPORAL_CONFIG_FILE: layoutOf(environment.dataDirectory).temporalProfile } : {}),
    BATON_DATA_DIR: environment.dataDirectory,
    BATON_CACHE_DIR: environment.cacheDirectory,
    BATON_HOST: environment.host,
    BATON_PORT: String(addresses.port),
    BATON_URL: addresses.url,
  };
}
