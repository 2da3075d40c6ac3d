import { writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';

/** How git reaches another repository. */
export interface SourceAccess {
  /** Without the login that the user gave: it stands in arguments and may stand in errors. */
  readonly address: string;
  readonly env: Readonly<Record<string, string>>;
}

export const TRUST = 'trust.gitconfig';

/** Takes the login out of an HTTP address: git sends it as a header, which only the environment holds. */
export function accessTo(source: string): SourceAccess {
  if (!/^https?:\/\//i.test(source) || !URL.canParse(source)) return { address: source, env: {} };
  const url = new URL(source);
  const login = [url.username, url.password].map(decodeURIComponent).join(':');
  url.username = '';
  url.password = '';
  if (login === ':') return { address: url.href, env: {} };
  const header = `Authorization: Basic ${Buffer.from(login).toString('base64')}`;
  return {
    address: url.href,
    env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: `http.${url.origin}/.extraHeader`, GIT_CONFIG_VALUE_0: header },
  };
}

/**
 * As `accessTo`, for reading: a folder that the user names may belong to another uid, and git's other end looks only into
 * such a file for permission, which is written to `gitDir`.
 */
export async function readAccessTo(source: string, gitDir: string): Promise<SourceAccess> {
  if (!isAbsolute(source)) return accessTo(source);
  const file = join(gitDir, TRUST);
  const folder = JSON.stringify(source);
  const inside = JSON.stringify(join(source, '.git'));
  await writeFile(file, `[safe]\n\tdirectory = ${folder}\n\tdirectory = ${inside}\n`);
  return { address: source, env: { GIT_CONFIG_GLOBAL: file } };
}
