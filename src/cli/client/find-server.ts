import { readBatonFile } from '../../local/baton-file.js';
import { layoutOf } from '../../local/data-directory.js';
import { parseEnvironment } from '../../schema/environment.js';
import { CliError, EXIT } from '../exit-code.js';

export interface Server {
  readonly url: string;
  readonly token: string;
}

/**
 * Which Baton is meant: BATON_URL and BATON_TOKEN, else the one that runs on this machine's data directory. The key of
 * the local one is never sent to another address.
 */
export function findServer(env: NodeJS.ProcessEnv): Server {
  const { dataDirectory } = parseEnvironment(env);
  const local = readBatonFile(layoutOf(dataDirectory).batonFile);
  const url = (env['BATON_URL'] ?? '').replace(/\/+$/, '');
  const token = env['BATON_TOKEN'] ?? '';
  if (url === '') {
    if (local) return { url: local.url, token: token === '' ? local.token : token };
    throw new CliError(
      EXIT.unreachable,
      'not-running',
      `No Baton runs on ${dataDirectory}. Start it with \`npm start\` or \`baton up\`, or set BATON_URL and BATON_TOKEN.`,
    );
  }
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new CliError(EXIT.usage, 'bad-url', `BATON_URL is "${url}"; use an address such as http://127.0.0.1:8080.`);
  }
  if (token !== '') return { url, token };
  if (local && new URL(local.url).origin === new URL(url).origin) return { url, token: local.token };
  throw new CliError(EXIT.notAllowed, 'no-token', `Set BATON_TOKEN to a key for ${url}.`);
}
