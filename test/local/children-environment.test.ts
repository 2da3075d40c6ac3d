import { loadClientConnectConfig } from '@temporalio/envconfig';
import { childrenEnvironment } from '../../src/local/children-environment.js';
import { parseEnvironment } from '../../src/schema/environment.js';

const addresses = {
  databaseUrl: 'postgres://127.0.0.1:1/baton',
  temporalAddress: '127.0.0.1:2',
  publicUrl: 'https://baton.example',
  apiUrl: 'http://127.0.0.1:3',
  port: 3,
};
const PROFILE = Buffer.from('[profile.default]\nnamespace = "theirs"\napi_key = "secret"\n');

function childrenOf(own: Readonly<Record<string, string>>) {
  const env = childrenEnvironment(parseEnvironment({ HOME: '/home/ann', ...own }), addresses, own);
  const strings = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries(strings);
}

/** As Temporal's SDK reads it, with a profile of the person's. */
const namespaceOf = (env: Record<string, string>) =>
  loadClientConnectConfig({ configSource: { data: PROFILE }, overrideEnvVars: env }).namespace;

describe('the environment of the API and the worker', () => {
  it("reaches a Temporal service of one's own as its profile says", () => {
    const env = childrenOf({ TEMPORAL_ADDRESS: 'temporal.example:7233' });
    expect(env['TEMPORAL_ADDRESS']).toBe('temporal.example:7233');
    expect(namespaceOf(env)).toBe('theirs');
    const given = childrenOf({ TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'given' });
    expect(namespaceOf(given)).toBe('given');
  });

  it('has nothing of it where the service is the embedded one', () => {
    const env = childrenOf({ TEMPORAL_API_KEY: 'secret', TEMPORAL_TLS: 'true', OTHER: 'stays' });
    expect(Object.keys(env).filter((name) => name.startsWith('TEMPORAL_'))).toEqual([
      'TEMPORAL_ADDRESS',
      'TEMPORAL_NAMESPACE',
      'TEMPORAL_CONFIG_FILE',
    ]);
    expect(env).toMatchObject({ TEMPORAL_ADDRESS: '127.0.0.1:2', TEMPORAL_NAMESPACE: 'default', OTHER: 'stays' });
  });

  it('says where browsers find it, whatever it listens on', () => {
    expect(childrenOf({ BATON_HOST: '0.0.0.0', BATON_URL: 'https://baton.example' })).toMatchObject({
      BATON_HOST: '0.0.0.0',
      BATON_PORT: '3',
      BATON_URL: 'https://baton.example',
    });
  });

  it('says where the worker reaches the API: here, unless it is told otherwise', () => {
    expect(childrenOf({ BATON_URL: 'https://baton.example' })['BATON_API_URL']).toBe('http://127.0.0.1:3');
    expect(childrenOf({ BATON_API_URL: 'http://api:8080/' })['BATON_API_URL']).toBe('http://api:8080');
  });
});
