import type { SettingsBuilder } from './settings.js';

const VARIABLES: Readonly<Record<string, string>> = {
  'index-url': 'PIP_INDEX_URL',
  'extra-index-url': 'PIP_EXTRA_INDEX_URL',
  'trusted-host': 'PIP_TRUSTED_HOST',
  proxy: 'PIP_PROXY',
};

/** What pip's configuration file says of indexes, as variables: an address there may hold a login. */
export function addPipConfig(
  builder: SettingsBuilder,
  { text, read }: { text: string | null; read: (path: string) => string | null },
): void {
  const values = parseIni(text ?? '');
  for (const [key, value] of values) {
    const name = VARIABLES[key];
    if (name !== undefined && !builder.has(name)) builder.set(name, value);
  }
  const ca = builder.has('PIP_CERT') ? null : builder.certificates(read(values.get('cert') ?? ''));
  if (ca !== null) builder.set('PIP_CERT', ca);
}

/** The values of `[global]` and `[install]`; several lines of one value are words of it. */
function parseIni(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let isKept = false;
  let last: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\[(.+)\]\s*$/.exec(line)?.[1];
    const entry = /^([\w-]+)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (section !== undefined) {
      isKept = section === 'global' || section === 'install';
      last = null;
    } else if (isKept && entry) {
      last = entry[1]!.replaceAll('_', '-');
      values.set(last, entry[2]!);
    } else if (isKept && last !== null && /^\s+[^\s#;]/.test(line)) {
      values.set(last, `${values.get(last)!} ${line.trim()}`.trim());
    }
  }
  return values;
}
