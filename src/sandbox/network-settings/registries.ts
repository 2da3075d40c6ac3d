import { parseNpmrc } from './npmrc.js';
import type { Environment, NetworkSettings } from './settings.js';

/** A host that a command is going to ask, and what the worker can set so that its certificate is trusted. */
export interface Registry {
  readonly url: string;
  readonly trustVariable: string;
}

interface RegistrySources {
  readonly settings: NetworkSettings;
  /** The `.npmrc` of the default branch. */
  readonly projectNpmrc: string | null;
}

const DEFAULT_NPM = 'https://registry.npmjs.org';

/** The npm registry in use, in npm's order: environment, the project's `.npmrc`, the user's, the default. */
export function npmRegistry({ settings: { env, files }, projectNpmrc }: RegistrySources): string {
  const user = files.find(({ target }) => target === env['npm_config_userconfig'])?.content ?? '';
  const registry = [
    variable(env, 'npm_config_registry'),
    parseNpmrc(projectNpmrc ?? '', env).get('registry'),
    parseNpmrc(user, env).get('registry'),
  ].find((url) => url !== undefined && URL.canParse(url));
  return (registry ?? DEFAULT_NPM).replace(/\/+$/, '');
}

/** The registries that a shell command asks, by the package managers that it names. */
export function registriesOf(command: string, sources: RegistrySources): readonly Registry[] {
  const { env, files } = sources.settings;
  const words = new Set(command.split(/[\s;&|()]+/).map((word) => word.replace(/^.*\//, '')));
  const has = (...names: string[]): boolean => names.some((name) => words.has(name));
  const found: Registry[] = [];
  const add = (url: string | undefined, trustVariable: string): void => {
    if (url !== undefined && /^https?:\/\//.test(url) && URL.canParse(url)) found.push({ url, trustVariable });
  };
  if (has('npm', 'npx', 'pnpm', 'yarn', 'bun')) add(npmRegistry(sources), 'NODE_EXTRA_CA_CERTS');
  if (has('pip', 'pip3', 'poetry', 'tox', 'pipenv')) add(env['PIP_INDEX_URL'] ?? 'https://pypi.org/simple', 'PIP_CERT');
  if (has('uv', 'uvx'))
    add(env['UV_DEFAULT_INDEX'] ?? env['UV_INDEX_URL'] ?? 'https://pypi.org/simple', 'SSL_CERT_FILE');
  if (has('cargo')) {
    const config = files.find(({ target }) => target.endsWith('/.cargo/config.toml'))?.content ?? '';
    const replaced = /^\s*registry\s*=\s*"(?:sparse\+)?(https?:[^"]+)"/m.exec(config)?.[1];
    add(replaced ?? 'https://index.crates.io', 'CARGO_HTTP_CAINFO');
  }
  if (has('go')) add((env['GOPROXY'] ?? 'https://proxy.golang.org').split(/[,|]/)[0], 'SSL_CERT_FILE');
  return found;
}

const variable = (env: Environment, name: string): string | undefined => env[name] ?? env[name.toUpperCase()];
