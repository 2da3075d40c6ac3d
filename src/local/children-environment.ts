import type { Environment } from '../schema/environment.js';
import { layoutOf } from './data-directory.js';

export interface Addresses {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  /** Where people's browsers find Baton. */
  readonly publicUrl: string;
  /** Where the worker reaches the API. */
  readonly apiUrl: string;
  readonly port: number;
}

/** The environment of the API and of the worker: ours, with the addresses of what they talk to. */
export function childrenEnvironment(
  environment: Environment,
  { databaseUrl, temporalAddress, publicUrl, apiUrl, port }: Addresses,
  own: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...own,
    ...temporalSettings(environment, temporalAddress, own),
    DATABASE_URL: databaseUrl,
    BATON_DATA_DIR: environment.dataDirectory,
    BATON_CACHE_DIR: environment.cacheDirectory,
    BATON_HOST: environment.host,
    BATON_PORT: String(port),
    BATON_URL: publicUrl,
    BATON_API_URL: environment.apiUrl ?? apiUrl,
  };
}

/** A person's own service is reached as their environment and profile say; those are not for the embedded one. */
function temporalSettings(environment: Environment, address: string, own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (environment.temporalAddress !== undefined) return {};
  const theirs = Object.keys(own).filter((name) => name.startsWith('TEMPORAL_'));
  return {
    ...Object.fromEntries(theirs.map((name) => [name, undefined])),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: environment.temporalNamespace,
    TEMPORAL_CONFIG_FILE: layoutOf(environment.dataDirectory).temporalProfile,
  };
}
