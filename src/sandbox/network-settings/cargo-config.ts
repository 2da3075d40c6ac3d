import type { SettingsBuilder } from './settings.js';

const SECTION = /^\s*\[\s*([^[\]]+?)\s*\]/;
const KEPT = /^(?:source|registries|registry|http|net)(?:\.|$)/;
const TOKEN = /^\s*(?:token|secret-key|credential-provider)\s*=\s*(.*)$/;

/** cargo looks for its configuration in the folders above the workspace as well. */
const CARGO_CONFIG = '/.cargo/config.toml';

export interface CargoFiles {
  readonly config: string | null;
  readonly credentials: string | null;
  readonly read: (path: string) => string | null;
}

/** What cargo's configuration says of registries, sources and certificates; tokens become variables. */
export function addCargoConfig(builder: SettingsBuilder, { config, credentials, read }: CargoFiles): void {
  const kept: string[] = [];
  let section = '';
  for (const line of (config ?? '').split(/\r?\n/)) {
    section = SECTION.exec(line)?.[1]?.replaceAll(/["']/g, '') ?? section;
    if (!KEPT.test(section) || addToken(builder, section, line)) continue;
    const cainfo = section === 'http' ? /^\s*cainfo\s*=\s*["'](.+)["']/.exec(line)?.[1] : undefined;
    if (cainfo === undefined) kept.push(line.replaceAll(/(:\/\/)[^\s/@"']+@/g, '$1'));
    else if (!builder.has('CARGO_HTTP_CAINFO')) {
      const ca = builder.certificates(read(cainfo));
      if (ca !== null) builder.set('CARGO_HTTP_CAINFO', ca);
    }
  }
  if (kept.some((line) => SECTION.test(line))) builder.file(CARGO_CONFIG, `${kept.join('\n')}\n`);
  section = '';
  for (const line of (credentials ?? '').split(/\r?\n/)) {
    section = SECTION.exec(line)?.[1]?.replaceAll(/["']/g, '') ?? section;
    addToken(builder, section, line);
  }
}

/** Whether the line is about a secret, which is in no file. */
function addToken(builder: SettingsBuilder, section: string, line: string): boolean {
  const value = TOKEN.exec(line)?.[1];
  if (value === undefined) return false;
  const token = /^["'](.+)["']/.exec(value)?.[1];
  const registry = /^registries\.(.+)$/.exec(section)?.[1];
  const name =
    registry === undefined
      ? 'CARGO_REGISTRY_TOKEN'
      : `CARGO_REGISTRIES_${registry.toUpperCase().replaceAll(/[.-]/g, '_')}_TOKEN`;
  if (token !== undefined && /^\s*token\b/.test(line)) builder.setSecret(name, token);
  return true;
}
