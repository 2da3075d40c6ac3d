import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { addCargoConfig } from './cargo-config.js';
import { addMavenSettings } from './maven-settings.js';
import { addNpmrc } from './npmrc.js';
import { addPipConfig } from './pip-config.js';
import { certificatesIn, NETWORK_FOLDER, SettingsBuilder, type Environment, type NetworkSettings } from './settings.js';

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_CERTIFICATE_FILES = 1_000;

/** Variables that name a file of certificates. */
const CERTIFICATE_FILES = [
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'PIP_CERT', 'CARGO_HTTP_CAINFO'],
  ...['GIT_SSL_CAINFO', 'YARN_HTTPS_CA_FILE_PATH'],
];
const PROXIES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'ALL_PROXY'];
/** Variables that are passed on as they are. */
const PASSED =
  /^(?:npm_config_(?:registry|strict_ssl|proxy|https_proxy|noproxy)|PIP_(?:INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|PROXY|DEFAULT_TIMEOUT|RETRIES)|UV_(?:INDEX|DEFAULT_INDEX|INDEX_URL|EXTRA_INDEX_URL|NATIVE_TLS|SYSTEM_CERTS|INSECURE_HOST|HTTP_TIMEOUT)|UV_INDEX_\w+_USERNAME|POETRY_HTTP_BASIC_\w+_USERNAME|CARGO_(?:REGISTRY|REGISTRIES|SOURCE)_\w+|CARGO_HTTP_(?:PROXY|CHECK_REVOKE|TIMEOUT)|CARGO_NET_\w+|GOPROXY|GOPRIVATE|GONOPROXY|GONOSUMDB|GOSUMDB|GOFLAGS|GOINSECURE|GOVCS|GOTOOLCHAIN|YARN_NPM_REGISTRY_SERVER|YARN_HTTPS?_PROXY|BUN_CONFIG_REGISTRY)$/i;
/** Variables that hold a token of a registry. */
const TOKENS =
  /^(?:NPM_TOKEN|NODE_AUTH_TOKEN|YARN_NPM_AUTH_TOKEN|YARN_NPM_AUTH_IDENT|BUN_CONFIG_TOKEN|UV_INDEX_\w+_PASSWORD|POETRY_HTTP_BASIC_\w+_PASSWORD|POETRY_PYPI_TOKEN_\w+|CARGO_REGISTRY_TOKEN|CARGO_REGISTRIES_\w+_TOKEN)$/;
/** Variables that `go env -w` keeps and that are about modules. */
const GO = /^(GOPROXY|GOPRIVATE|GONOPROXY|GONOSUMDB|GOSUMDB|GOFLAGS|GOINSECURE|GOVCS)=(.*)$/;

/**
 * What commands with network need of the worker's certificates, proxies and registries: from its environment, and from
 * the files of its user (npmrc, pip.conf, cargo's config.toml, go's env, Maven's settings.xml).
 */
export function readNetworkSettings(env: Environment): NetworkSettings {
  const builder = new SettingsBuilder();
  addVariables(builder, env);
  const home = env['HOME'];
  const inHome = (...paths: string[]): string | null =>
    home === undefined ? null : (paths.map((path) => readText(join(home, path))).find((text) => text !== null) ?? null);
  const named = (path: string | undefined, ...otherwise: string[]): string | null =>
    path === undefined || path === '' ? inHome(...otherwise) : readText(path);
  addNpmrc(builder, {
    text: named(env['npm_config_userconfig'] ?? env['NPM_CONFIG_USERCONFIG'], '.npmrc'),
    env,
    read: readText,
  });
  const pip = named(env['PIP_CONFIG_FILE'], '.config/pip/pip.conf', '.pip/pip.conf') ?? readText('/etc/pip.conf');
  addPipConfig(builder, { text: pip, read: readText });
  const cargo = (name: string): string | null =>
    env['CARGO_HOME'] ? readText(join(env['CARGO_HOME'], name)) : inHome(`.cargo/${name}`);
  addCargoConfig(builder, {
    config: cargo('config.toml') ?? cargo('config'),
    credentials: cargo('credentials.toml') ?? cargo('credentials'),
    read: readText,
  });
  for (const line of (named(env['GOENV'], '.config/go/env') ?? '').split('\n')) {
    const [, name, value] = GO.exec(line.trim()) ?? [];
    if (name !== undefined && !builder.has(name)) builder.set(name, value!);
  }
  addMavenSettings(builder, inHome('.m2/settings.xml'));
  return builder.build();
}

function addVariables(builder: SettingsBuilder, env: Environment): void {
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '') continue;
    if (TOKENS.test(name)) builder.setSecret(name, value);
    else if (PASSED.test(name)) builder.set(name, value);
  }
  for (const name of PROXIES) {
    const value = [env[name], env[name.toLowerCase()]].find((set) => set !== undefined && set !== '');
    if (value === undefined) continue;
    builder.set(name, value);
    builder.set(name.toLowerCase(), value);
  }
  for (const name of CERTIFICATE_FILES) {
    const target = builder.certificates(readText(env[name] ?? ''));
    if (target !== null) builder.set(name, target);
  }
  const folders = (env['SSL_CERT_DIR'] ?? '').split(':').filter((folder) => folder !== '');
  const shown = folders.flatMap((folder, at) =>
    addFolder(builder, folder, at) ? [`${NETWORK_FOLDER}/certs-${at}`] : [],
  );
  if (shown.length > 0) builder.set('SSL_CERT_DIR', shown.join(':'));
}

/** The certificates of a folder under their names, by which OpenSSL finds them. */
function addFolder(builder: SettingsBuilder, folder: string, at: number): boolean {
  const names = entriesOf(folder).slice(0, MAX_CERTIFICATE_FILES);
  let any = false;
  for (const name of names) {
    const certificates = certificatesIn(readText(join(folder, name)) ?? '');
    if (certificates.length === 0) continue;
    builder.file(`certs-${at}/${name}`, `${certificates.join('\n')}\n`);
    any = true;
  }
  return any;
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A text file of the worker's user; null where it is none or too large. */
function readText(path: string): string | null {
  try {
    const found = statSync(path);
    return found.isFile() && found.size <= MAX_BYTES ? readFileSync(path, 'utf8') : null;
  } catch {
    return null;
  }
}
