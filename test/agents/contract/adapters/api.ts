import type { JsonObject } from '../../../../src/domain/json.js';
import { doubling, type Bench } from '../bench.js';
import type { Case, Contract } from '../contract.js';
import { ApiHost } from './api-host.js';

const host = new ApiHost();
const VARIABLE = 'DEMO_TOKEN';

const entryOf = (address: string, path: string, more: JsonObject = {}): JsonObject => ({
  host: address,
  requests: {
    double: {
      method: 'POST',
      path,
      body: { number: '{number}' },
      secretHeaders: { authorization: { variable: VARIABLE, prefix: 'Bearer ' } },
      ...more,
    },
  },
});
const calling =
  (path: string, more: JsonObject = {}): Case =>
  () => ({ entry: entryOf(host.address, path, more) });
const BY_KEY = { idempotencyHeader: 'X-Key' };

export const apiContract: Contract = {
  secrets: { [VARIABLE]: host.secret },
  open: () => host.listen(),
  close: () => host.close(),
  invalid: [
    [{}, '/host'],
    [{ host: 'ftp://example.com', requests: {} }, '/host'],
    [{ host: 'https://user:password@example.com', requests: {} }, '/host'],
    [entryOf('https://example.com', '//example.com/'), '/requests/double/path'],
    [
      entryOf('https://example.com', '/x', { secretHeaders: { authorization: { variable: 'PATH' } } }),
      '/requests/double/secretHeaders/authorization/variable',
    ],
  ],
  doubles: calling('/double/{number}'),
  usage: null,
  keepsSession: false,
  endless: { case: calling('/slow', BY_KEY), hasBegun: () => host.calls.at(-1)?.includes('/slow') === true },
  fails: [
    ['has no request', () => ({ entry: { host: 'http://127.0.0.1:1', requests: {} } }), { code: 'no-request' }],
    ['is sent elsewhere', calling('/away'), { code: 'redirected', retryable: false }],
    ['is told what is no JSON', calling('/garbage'), { code: 'agent-output-invalid', says: '<html>' }],
    ['is told a list', calling('/list'), { code: 'agent-output-invalid' }],
    ['is told too much', calling('/large'), { code: 'agent-output-invalid' }],
    ['meets a broken host', calling('/broken'), { code: 'call-refused', retryable: false, says: 'oops' }],
    ['meets a broken host that knows its key', calling('/broken', BY_KEY), { code: 'call-refused', retryable: true }],
    ['asks for what is not there', calling('/other'), { code: 'call-refused', retryable: false }],
    ['meets a host that hangs up', calling('/gone'), { code: 'call-failed' }],
    [
      'needs a secret that is not there',
      calling('/double/21', { secretHeaders: { authorization: { variable: 'OTHER_TOKEN', prefix: '' } } }),
      { code: 'secret-missing', retryable: false, says: 'OTHER_TOKEN' },
    ],
  ],
  asks: null,
  limited: null,
  tellsUnknown: null,
  runs: null,
  alone: callsOnce,
};

function callsOnce(bench: Bench): void {
  beforeEach(() => {
    host.calls = [];
  });
  const ask = async (asked: Case, context = {}) => (await bench.ask(doubling({ ...asked(), context }))).outcome;

  it('does not follow its host elsewhere', async () => {
    await ask(calling('/away'));
    expect(host.calls).toEqual(['POST /away undefined']);
  });

  it('does not make a call again that may have been made', async () => {
    const again = await ask(calling('/double/21'), { startedBefore: true });
    expect(again).toMatchObject({ code: 'outcome-unknown', retryable: false });
    expect(await ask(calling('/slow'), { timeoutMs: 200 })).toMatchObject({ retryable: false });
    expect(host.calls).toEqual(['POST /slow undefined']);
  });

  it('makes a call again that its host knows by a key, with the same', async () => {
    expect(await ask(calling('/double/21', BY_KEY), { startedBefore: true })).toMatchObject({ kind: 'answered' });
    expect(host.calls).toEqual(['POST /double/21 run/step/1']);
  });
}
