import { join } from 'node:path';
import { parseEnvironment } from '../../src/schema/environment.js';

describe('parseEnvironment', () => {
  it('has a default for everything', () => {
    expect(parseEnvironment({ HOME: '/home/ann' })).toEqual({
      dataDirectory: '/home/ann/.local/share/baton',
      cacheDirectory: '/home/ann/.cache/baton',
      host: '127.0.0.1',
      port: 8080,
      baseUrl: undefined,
      databaseUrl: undefined,
      temporalAddress: undefined,
      temporalNamespace: 'default',
      sandbox: 'on',
      background: 40,
      metricsPort: undefined,
      logLevel: 'info',
      osvDatabaseUrl: 'https://osv-vulnerabilities.storage.googleapis.com',
    });
  });

  it('follows the folders of the desktop standard', () => {
    const { dataDirectory, cacheDirectory } = parseEnvironment({ XDG_DATA_HOME: '/data', XDG_CACHE_HOME: '/cache' });
    expect([dataDirectory, cacheDirectory]).toEqual(['/data/baton', '/cache/baton']);
  });

  it('makes a relative data directory absolute, because children start elsewhere', () => {
    expect(parseEnvironment({ BATON_DATA_DIR: 'data' }).dataDirectory).toBe(join(process.cwd(), 'data'));
  });

  it('takes the address of browsers without a slash at its end', () => {
    expect(parseEnvironment({ BATON_URL: 'https://baton.example/' }).baseUrl).toBe('https://baton.example');
  });

  it('takes a variable that is set to nothing as not set', () => {
    expect(parseEnvironment({ BATON_PORT: '', DATABASE_URL: '', BATON_SANDBOX: '' })).toMatchObject({
      port: 8080,
      databaseUrl: undefined,
      sandbox: 'on',
    });
  });

  it.each([
    ['BATON_PORT', '80a', 'BATON_PORT is "80a": use a whole number from 0 to 65535; 0 picks a free port'],
    ['BATON_PORT', '70000', 'BATON_PORT is "70000": use a whole number from 0 to 65535; 0 picks a free port'],
    ['BATON_PORT', '-1', 'use a whole number from 0 to 65535'],
    ['BATON_HOST', 'http://localhost', 'use a host name or an address'],
    ['BATON_URL', 'localhost:8080', 'BATON_URL is "localhost:8080": use an address such as http://127.0.0.1:8080'],
    ['BATON_SANDBOX', 'no', 'BATON_SANDBOX is "no": only "off" is known'],
    ['BATON_BACKGROUND', 'many', 'BATON_BACKGROUND is "many": use a whole number from 0 to 9999'],
    ['BATON_LOG_LEVEL', 'loud', 'BATON_LOG_LEVEL is "loud": use one of trace, debug, info, warn, error, silent'],
    ['TEMPORAL_ADDRESS', 'https://temporal', 'use host:port without a scheme, such as localhost:7233'],
    ['DATABASE_URL', 'mysql://host/db', 'DATABASE_URL: use a PostgreSQL address'],
  ])('refuses %s=%s and says what to do', (name, value, message) => {
    expect(() => parseEnvironment({ [name]: value })).toThrow(message);
  });

  it('names everything that is wrong at once', () => {
    expect(() => parseEnvironment({ BATON_PORT: 'x', BATON_LOG_LEVEL: 'y' })).toThrow(/BATON_PORT.*BATON_LOG_LEVEL/);
  });

  it('never repeats the address of a database, which may hold a password', () => {
    expect(() => parseEnvironment({ DATABASE_URL: 'mysql://ann:secret@host/db' })).not.toThrow(/secret/);
  });
});
