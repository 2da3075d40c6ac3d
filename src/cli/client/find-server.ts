import { readBatonFile, type BatonFile } from '../../local/baton-file.js';
import { layoutOf } from '../../local/data-directory.js';
import { parseEnvironment } from '../../schema/environment.js';
import { CliError, EXIT } from '../exit-code.js';

export interface Server {
  readonly url: string;
  /** Where a browser finds it. */
  readonly publicUrl: string;
  readonly token: string;
}

/**
 * Which Baton is meant: BATON_URL and BATON_TOKEN, else the one that runs on this machine's data directory. The key of
 * the local one is never sent to another address.
 */
export function findServer(env: NodeJS.ProcessEnv): Server {
  const { dataDirectory, baseUrl } = parseEnvironment(env);
  const local = readBatonFile(layoutOf(dataDirectory).batonFile);
  const token = env['BATON_TOKEN'] ?? '';
  if (baseUrl === undefined) {
    if (local) return { ...addresses(local), token: token === '' ? local.token : token };
    throw new CliError(
      EXIT.unreachable,
      'not-running',
      `No Baton runs on ${dataDirectory}. Start it with \`npm start\` or \`baton up\`, or set BATON_URL and BATON_TOKEN.`,
    );
  }
  if (token !== '') return { url: baseUrl, publicUrl: baseUrl, token };
  if (local && isAt(local, baseUrl)) return { ...addresses(local), token: local.token };
  throw new CliError(EXIT.notAllowed, 'no-token', `Set BATON_TOKEN to a key for ${baseUrl}.`);
}

const addresses = ({ url, publicUrl = url }: BatonFile) => ({ url, publicUrl });

const isAt = (local: BatonFile, address: string): boolean =>
  Object.values(addresses(local)).some((own) => new URL(own).origin === new URL(address).origin);
