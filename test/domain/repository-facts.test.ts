import {
  connectsPlainly,
  describeTree,
  findLogger,
  isForeign,
  judgeLicence,
  logsSensitiveData,
} from '../../src/domain/repository-facts.js';

const line = (path: string, text: string) => ({ path, line: 1, text });

describe('a tree', () => {
  it('is described by the files that rules ask for', () => {
    const paths = [
      'LICENSE.md',
      'docs/security.md',
      '.github/CODEOWNERS',
      'PRIVACY.md',
      'docs/legal/data-inventory.yaml',
      'docs/incident-response.md',
      'CHANGELOG.md',
      '.github/workflows/test.yml',
      'package.json',
      'package-lock.json',
      'test/a.test.js',
    ];
    expect(describeTree(paths, (path) => path.startsWith('test/'))).toEqual({
      licence: 'LICENSE.md',
      securityPolicy: 'docs/security.md',
      owners: '.github/CODEOWNERS',
      privacyNotice: 'PRIVACY.md',
      dataInventory: 'docs/legal/data-inventory.yaml',
      incidentPlan: 'docs/incident-response.md',
      changelog: 'CHANGELOG.md',
      continuousIntegration: ['.github/workflows/test.yml'],
      tests: 1,
      manifest: 'package.json',
      lockFile: 'package-lock.json',
      secretFiles: [],
    });
    expect(describeTree(['src/licence.js', 'src/security.md'], () => false)).toMatchObject({
      licence: null,
      securityPolicy: null,
    });
  });

  it.each(['.env', 'app/.env.production', 'deploy/server.key', 'id_rsa', 'config/secrets.yml', 'a/credentials.json'])(
    'has a secret file in %s',
    (path) => expect(describeTree([path], () => false).secretFiles).toEqual([path]),
  );

  it.each(['.env.example', 'id_rsa.pub', 'public.pem', 'node_modules/x/a.key', 'src/keys.js', 'monkey'])(
    'has none in %s',
    (path) => expect(describeTree([path], () => false).secretFiles).toEqual([]),
  );

  it('takes keys of tests for no secrets', () => {
    expect(describeTree(['test/tls.key'], () => true).secretFiles).toEqual([]);
  });

  it('knows what is of others', () => {
    expect(['vendor/a.js', 'web/dist/a.js', 'lib/jquery.min.js', 'src/vendors.js'].map(isForeign)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('a connection', () => {
  it.each([
    ['config.yml', 'url: http://api.acme.io/v1', true],
    ['.env.example', 'REDIS=redis://cache.internal:6379', true],
    ['Dockerfile', 'ENV PROXY=http://proxy.acme.io', true],
    ['config.yml', 'url: http://localhost:3000, other: http://api.acme.io', true],
    ['config.yml', 'url: http://localhost:3000', false],
    ['config.yml', 'url: http://${HOST}/x', false],
    ['config.yml', 'xmlns: http://www.w3.org/2000/svg', false],
    ['config.yml', '# see http://api.acme.io', false],
    ['config.yml', 'url: https://api.acme.io', false],
    ['src/a.js', "get('http://api.acme.io')", false],
  ])('in %s: %s is plain: %s', (path, text, is) => {
    expect(connectsPlainly(line(path, text))).toBe(is);
  });
});

describe('a log', () => {
  it.each([
    ['console.log(password)', true],
    ['logger.info({ user, accessToken: token.accessToken })', true],
    ['log.debug(`signed in as ${user.password}`)', true],
    ["print(f'card {credit_card}')", true],
    ["console.log('wrong password')", false],
    ['console.log(`the password of ${user} is wrong`)', false],
    ["logger.info('done'); // not the password", false],
    ['const password = read();', false],
  ])('%s holds what it must not: %s', (text, is) => {
    expect(logsSensitiveData(line('a.js', text))).toBe(is);
  });

  it('is written by a library that is known', () => {
    expect(findLogger(['express', 'pino'])).toBe('pino');
    expect(findLogger(['express'])).toBeNull();
  });
});

describe('a licence', () => {
  it.each([
    ['MIT', 'permissive'],
    ['LGPL-3.0-only', 'permissive'],
    ['GPL-3.0-only', 'copyleft'],
    ['AGPL-3.0', 'copyleft'],
    ['(MIT OR GPL-3.0-only)', 'permissive'],
    ['(MIT AND GPL-2.0-only)', 'copyleft'],
    ['UNLICENSED', 'unknown'],
    ['SEE LICENSE IN x.txt', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
  ])('%s is %s', (licence, means) => {
    expect(judgeLicence(licence)).toBe(means);
  });
});
