import type { Environment, SettingsBuilder } from './settings.js';

const KEPT = /^(?:registry|@[^:\s]+:registry|strict-ssl|proxy|https-proxy|noproxy|always-auth)$/;
const SECRET = /^\/\/\S+:(?:_authToken|_auth|_password)$/;
const OF_REGISTRY = /^\/\/\S+:(?:username|email|always-auth)$/;

/** The lines `key=value` of an npmrc, with the variables that it names filled in from the environment. */
export function parseNpmrc(text: string, env: Environment): ReadonlyMap<string, string> {
  const entries = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const match = /^\s*([^;#=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match) return [];
    const value = match[2]!
      .replace(/^"(.*)"$/, '$1')
      .replace(/\$\{([^}]+)\}/g, (all, name: string) => env[name] ?? all);
    return [[match[1]!, value]];
  });
  return new Map(entries);
}

const VARIABLE = /^\$\{\w+\}$/;

/**
 * The lines of a repository's npmrc that say which registry to ask, and by which variable to sign in there. A token that
 * stands in it as text is left out.
 */
export function registryLines(text: string): string {
  const kept = [...parseNpmrc(text, {})].filter(
    ([key, value]) =>
      /^(?:registry|@[^:\s]+:registry)$/.test(key) ||
      (SECRET.test(key) && VARIABLE.test(value)) ||
      OF_REGISTRY.test(key),
  );
  return kept.map(([key, value]) => `${key}=${value}\n`).join('');
}

/**
 * The user's npmrc as commands see it: registries, certificates and proxies; its tokens as names of variables, which npm,
 * pnpm and yarn fill in. A token itself is in no file.
 */
export function addNpmrc(
  builder: SettingsBuilder,
  { text, env, read }: { text: string | null; env: Environment; read: (path: string) => string | null },
): void {
  const entries = new Map(parseNpmrc(text ?? '', env));
  // npm takes these from its environment as well, by names that a shell does not pass on.
  for (const [name, value] of Object.entries(env)) {
    const key = /^npm_config_(@[^:]+:registry|\/\/.+:_\w+)$/i.exec(name)?.[1];
    if (key !== undefined && value) entries.set(key, value);
  }
  const lines: string[] = [];
  for (const [key, value] of entries) {
    if (SECRET.test(key)) {
      const name = `BATON_NPM_SECRET_${lines.length}`;
      builder.setSecret(name, value);
      lines.push(`${key}=\${${name}}`);
    } else if (KEPT.test(key) || OF_REGISTRY.test(key)) {
      lines.push(/:\/\/[^/\s]*@/.test(value) ? withHiddenLogin(builder, key, value, lines.length) : `${key}=${value}`);
    }
  }
  const ca = builder.certificates(read(env['npm_config_cafile'] ?? entries.get('cafile') ?? '') ?? inline(text));
  if (ca !== null) lines.push(`cafile=${ca}`);
  if (lines.length > 0) builder.set('npm_config_userconfig', builder.file('npmrc', `${lines.join('\n')}\n`));
}

/** An address with a login in it, such as a proxy's. */
function withHiddenLogin(builder: SettingsBuilder, key: string, value: string, at: number): string {
  const name = `BATON_NPM_SECRET_${at}`;
  builder.set(name, value);
  return `${key}=\${${name}}`;
}

/** Certificates that stand in the npmrc itself, as `ca[]="…"` with `\n` for the end of a line. */
const inline = (text: string | null): string | null =>
  text === null
    ? null
    : [...text.matchAll(/^\s*ca(?:\[\])?\s*=\s*"?(.*?)"?\s*$/gm)]
        .map(([, ca]) => ca!.replaceAll('\\n', '\n'))
        .join('\n');
