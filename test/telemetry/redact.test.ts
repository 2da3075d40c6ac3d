import { createLogger } from '../../src/telemetry/logger.js';
import { createRedactor, redact, secretsOf } from '../../src/telemetry/redact.js';

const key = `baton_${'aB3_-'.repeat(8)}`;

describe('redact', () => {
  it.each([
    ['authorization', 'Bearer abc'],
    ['Authorization', 'Basic abc'],
    ['apiKey', 'abc'],
    ['api_key', 'abc'],
    ['X-API-Key', 'abc'],
    ['set-cookie', 'abc'],
    ['dbPassword', 'abc'],
    ['clientSecret', 'abc'],
    ['sessionToken', 'abc'],
    ['private_key', 'abc'],
  ])('hides what stands under %s', (name, value) => {
    expect(redact({ [name]: value, name: 'maya' })).toEqual({ [name]: '[redacted]', name: 'maya' });
  });

  it.each([
    key,
    'sk-ant-api03-abcdefghijklmnop',
    'ghp_abcdefghijklmnopqrstuvwxyz012345',
    'github_pat_11ABCDEFG0abcdefghijkl',
    'xoxb-1234567890-abcdef',
    'AKIAIOSFODNN7EXAMPLE',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4',
    '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----',
  ])('hides %s inside any text', (secret) => {
    expect(JSON.stringify(redact({ message: [`it was ${secret}, no?`] }))).not.toContain(secret);
  });

  it('keeps the address of a database and takes its password', () => {
    expect(redact('postgres://baton:hunter22@db:5432/baton')).toBe('postgres://baton:[redacted]@db:5432/baton');
  });

  it('leaves words that only sound like secrets', () => {
    const value = { tokensIn: 12, keyboard: 'qwerty', tokens: 5, secretary: 'maya', text: 'a task-list' };
    expect(redact(value)).toEqual(value);
  });

  it('hides known secrets by value, the longest first', () => {
    const { text } = createRedactor(['correct-horse', 'correct-horse-battery']);
    expect(text('correct-horse-battery, correct-horse')).toBe('[redacted], [redacted]');
  });

  it.each([
    ['in an address', (secret: string) => encodeURIComponent(secret)],
    [
      'in an address, in lower case',
      (secret: string) => encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
    ],
    ['in an address, each byte', (secret: string) => Buffer.from(secret).toString('hex').replace(/../g, '%$&')],
    ['in base64', (secret: string) => Buffer.from(`x${secret}z`).toString('base64').slice(2, -4)],
  ])('hides a known secret %s', (_, encode) => {
    const secret = 'a+key/of=some&length';
    const { text, holds } = createRedactor([secret]);
    const form = encode(secret);
    expect(text(`it is ${form}.`)).toBe('it is [redacted].');
    expect(holds!(Buffer.from(`it is ${form}.`))).toBe(true);
    expect(holds!(Buffer.from('it is nothing.'))).toBe(false);
  });

  it('says of no content that it holds what may be a word', () => {
    const { text, holds } = createRedactor(['password']);
    expect(holds).toBeNull();
    expect(createRedactor(['password', 'a+key/of=some&length']).holds!(Buffer.from('the password'))).toBe(false);
    expect(text('the password')).toBe('the [redacted]');
  });

  it('shows what an error says, without its secrets', () => {
    const shown = JSON.stringify(redact({ err: new Error(`no entry with ${key}`, { cause: new Error('first') }) }));
    expect(shown).toContain('no entry with');
    expect(shown).toContain('first');
    expect(shown).not.toContain(key);
  });

  it('ends at values that hold themselves', () => {
    const value: Record<string, unknown> = {};
    value['self'] = value;
    expect(JSON.stringify(redact(value))).toContain('too deep');
  });
});

describe('secretsOf', () => {
  it('finds secrets by the names of their variables, and the password in DATABASE_URL', () => {
    const env = {
      ANTHROPIC_API_KEY: 'key-of-claude',
      HOME: '/root/of/all',
      SLACK_TOKEN: 'a-slack-token',
      DATABASE_URL: 'postgres://u:p%40ssword@h/d',
      PIN_KEY: '1',
    };
    expect(secretsOf(env)).toEqual(['key-of-claude', 'a-slack-token', 'p@ssword']);
  });
});

describe('a logger', () => {
  it('writes JSON lines in which no secret stands: not as a field, in a message, or in an error', () => {
    const lines: string[] = [];
    const log = createLogger({
      name: 'test',
      level: 'info',
      destination: { write: (line) => void lines.push(line) },
      redactor: createRedactor(['by-"value"']),
    });
    log.info({ token: 'abc', url: `http://x/?k=${key}`, deep: { cookie: 'x' } }, `hello ${key} by-"value"`);
    log.error({ err: new Error(`no: ${key}`) }, 'failed');
    const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toMatchObject({
      name: 'test',
      level: 'info',
      token: '[redacted]',
      deep: { cookie: '[redacted]' },
      msg: 'hello [redacted] [redacted]',
    });
    expect(second).toMatchObject({ err: { message: 'no: [redacted]' } });
    expect(lines.join('')).not.toContain(key);
  });
});
