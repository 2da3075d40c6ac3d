/** Takes secrets out of what people and files get to see. */
export interface Redactor {
  /** The text with every secret in it replaced. */
  readonly text: (text: string) => string;
  /** A copy of the value: what stands under a telling key is gone, secrets inside strings too. */
  readonly value: (value: unknown) => unknown;
  /** A copy of plain JSON with secrets out of every string, whatever key it stands under. */
  readonly strings: <T>(value: T) => T;
  /** Overwrites the secrets that it knows by value in place, each by as many characters: lengths and offsets stay. */
  readonly bytes: (bytes: Buffer) => Buffer;
  /** Whether there is a secret in it that it knows by value, and that is long enough to be none by chance; null: it knows none. */
  readonly holds: ((bytes: Buffer) => boolean) | null;
}

const REDACTED = '[redacted]';

/** Keys whose values are never shown, in any spelling: `apiKey`, `api_key`, `API-KEY`. */
const TELLING_KEY =
  /(^|_)(authorization|cookie|setcookie|password|passwd|secret|token|apikey|accesskey|privatekey|credentials?)$/;

/** What secrets look like by themselves: Baton's own keys, those of common providers, keys in PEM, logins in addresses. */
const TELLING_VALUES: readonly (readonly [RegExp, string])[] = [
  [/\bbaton_[A-Za-z0-9_-]{20,}/g, REDACTED],
  [/\bsk-[A-Za-z0-9_-]{16,}/g, REDACTED],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,})/g, REDACTED],
  [/\bxox[abeprs]-[A-Za-z0-9-]{10,}/g, REDACTED],
  [/\bA(?:KIA|SIA)[0-9A-Z]{16}\b/g, REDACTED],
  [/\bAIza[0-9A-Za-z_-]{30,}/g, REDACTED],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g, REDACTED],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, REDACTED],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/([a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{0,200}):[^\s/@]{1,500}@/gi, `$1:${REDACTED}@`],
];

const MIN_SECRET_LENGTH = 6;
/** What is shorter may be a word like any other. */
const MIN_TELLING_LENGTH = 12;
const MAX_DEPTH = 12;

/** A redactor that knows `secrets` by value besides all that gives itself away. */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  // Longest first: one secret may hold another.
  const known = [...new Set(secrets.filter(isLongEnough).flatMap(formsOf))]
    .filter(isLongEnough)
    .sort((a, b) => b.length - a.length);

  const telling = [...new Set(secrets.filter(({ length }) => length >= MIN_TELLING_LENGTH).flatMap(formsOf))].map(
    (form) => Buffer.from(form),
  );

  const text = (input: string): string => {
    let shown = input;
    for (const secret of known) shown = shown.replaceAll(secret, REDACTED);
    for (const [pattern, replacement] of TELLING_VALUES) shown = shown.replace(pattern, replacement);
    return shown;
  };

  const copy = (input: unknown, depth: number): unknown => {
    if (typeof input === 'string') return text(input);
    if (typeof input !== 'object' || input === null || Buffer.isBuffer(input) || input instanceof Date) return input;
    if (depth > MAX_DEPTH) return '[too deep]';
    if (Array.isArray(input)) return input.map((item) => copy(item, depth + 1));
    return Object.fromEntries(
      entriesOf(input).map(([key, item]) => [key, isTelling(key) && item !== null ? REDACTED : copy(item, depth + 1)]),
    );
  };

  return {
    text,
    value: (input) => copy(input, 0),
    strings: (input) => inStrings(input, text),
    bytes: (bytes) => overwrite(bytes, known),
    holds: telling.length === 0 ? null : (bytes) => telling.some((secret) => bytes.includes(secret)),
  };
}

function overwrite(bytes: Buffer, secrets: readonly string[]): Buffer {
  for (const secret of secrets.map((text) => Buffer.from(text)))
    for (let at = bytes.indexOf(secret); at !== -1; at = bytes.indexOf(secret, at + secret.length))
      bytes.fill('*', at, at + secret.length);
  return bytes;
}

const isLongEnough = (secret: string): boolean => secret.length >= MIN_SECRET_LENGTH;

/** A secret as it stands in a text: as it is, escaped in JSON, in an address, in base64 at any place of it. */
function formsOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    // Characters that hold bits of what stands before or after it are not its own.
    return bytes.toString('base64').slice([0, 2, 3][before], Math.floor((bytes.length * 8) / 6));
  });
  const urlSafe = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const inAddress = [encodeURIComponent(secret), everyByte(secret)].flatMap((form) => [form, inLowerCase(form)]);
  return [secret, JSON.stringify(secret).slice(1, -1), ...inAddress, ...base64, ...urlSafe];
}

const everyByte = (secret: string): string =>
  [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');

const inLowerCase = (encoded: string): string => encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());

function inStrings<T>(input: T, text: (text: string) => string): T {
  if (typeof input === 'string') return text(input) as T;
  if (Array.isArray(input)) return input.map((item: unknown) => inStrings(item, text)) as T;
  if (typeof input !== 'object' || input === null) return input;
  return Object.fromEntries(Object.entries(input).map(([key, item]) => [text(key), inStrings(item, text)])) as T;
}

/** The secrets among environment variables: by the name that they have, those of channels, and the password of the database. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const named = Object.entries(env)
    .filter(([name]) =>
      /(^|_)(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$|^BATON_(?:CHANNEL|EVENT_SOURCE)_/i.test(name),
    )
    .map(([, value]) => value ?? '');
  const database = env['DATABASE_URL'] ?? '';
  const password = URL.canParse(database) ? decodeURIComponent(new URL(database).password) : '';
  return [...named, password].filter((secret) => secret.length >= MIN_SECRET_LENGTH);
}

const standard = createRedactor();

/** A copy of the value without what gives itself away as a secret. */
export const redact = (value: unknown): unknown => standard.value(value);

const isTelling = (key: string): boolean =>
  TELLING_KEY.test(
    key
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toLowerCase()
      .replaceAll('-', '_')
      .replace(/(api|access|private|set)_(key|cookie)$/, '$1$2'),
  );

/** An error's own message, stack and cause are not enumerable, and would be lost. */
function entriesOf(value: object): [string, unknown][] {
  if (!(value instanceof Error)) return Object.entries(value);
  const { name, message, stack, cause, ...rest } = value;
  return Object.entries({ type: name, message, stack, ...(cause === undefined ? {} : { cause }), ...rest });
}
