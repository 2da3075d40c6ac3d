import { accountOf } from '../../src/agents/find-harness.js';

const environment = { OPENAI_API_KEY: 'sk-one', OTHER_KEY: 'sk-one', THIRD_KEY: 'sk-three' };
const account = (adapter: Parameters<typeof accountOf>[0], entry = {}) => accountOf(adapter, entry, environment);
const baseUrl = 'https://models.example.com/v1';

describe('the account that an agent uses up', () => {
  it('is its provider and the hash of its key, whatever variable that is in and whatever program uses it', () => {
    const one = account('codex');
    expect(one).toEqual({ name: 'openai', fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/) as string });
    expect(account('codex', { keys: ['OTHER_KEY'] })).toEqual(one);
    expect(account('chat', { baseUrl, model: 'm', key: 'OTHER_KEY', provider: 'openai' })).toEqual(one);
    expect(account('codex', { keys: ['THIRD_KEY'] })).not.toEqual(one);
    expect(account('chat', { baseUrl, model: 'm', key: 'OTHER_KEY' })?.name).toBe('models.example.com');
  });

  it('is told apart by the address where there is no key', () => {
    const local = account('codex', { baseUrl });
    expect(local).toMatchObject({ name: 'openai' });
    expect(account('codex', { baseUrl: 'http://127.0.0.1:1/v1' })).not.toEqual(local);
    expect(account('chat', { baseUrl, model: 'm' })?.fingerprint).toBe(local?.fingerprint);
  });

  it('is unknown where the key is missing, the entry is none, or nothing is used up', () => {
    expect(account('claude')).toBeNull();
    expect(account('chat', { baseUrl, model: 'm', key: 'NO_KEY' })).toBeNull();
    expect(account('codex', { keys: 'none' })).toBeNull();
    expect(account('chat')).toBeNull();
    expect(account('command')).toBeNull();
    expect(account('role')).toBeNull();
  });
});
