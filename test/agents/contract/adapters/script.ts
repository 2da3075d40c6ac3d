import type { JsonObject } from '../../../../src/domain/json.js';
import type { Contract, Failure } from '../contract.js';
import { endless, program, running } from './shipped-program.js';

const says = (source: string): JsonObject => program(`process.stdout.write(${source})`);
const invalid = (what: string, entry: JsonObject, more = 'to stdout') =>
  [what, () => ({ entry }), { code: 'agent-output-invalid', says: more } satisfies Failure] as const;

export const scriptContract: Contract = {
  invalid: [
    [{}, '/argv'],
    [{ argv: [] }, '/argv'],
    [{ argv: ['true'], timeoutMs: 40 * 60_000 }, '/timeoutMs'],
    [{ argv: ['true'], memoryMib: 100_000 }, '/memoryMib'],
    [{ argv: ['true'], sandbox: { memoryMib: 1 } }, '/sandbox/memoryMib'],
  ],
  doubles: () => ({ entry: says('JSON.stringify({ doubled: 2 * input.number })') }),
  usage: null,
  keepsSession: false,
  endless: endless(`console.error('begun')`),
  fails: [
    invalid('says nothing', program(''), 'it is empty'),
    invalid('says what is no JSON', says("'42 it is'"), '42 it is'),
    invalid('says two objects', says("'{}\\n{}'")),
    invalid('says a list', says("'[]'"), 'no object'),
    invalid('says a NUL', says(`'{"a":"\\\\u0000"}'`), 'NUL'),
    invalid('says half of a character', says(`'{"a":"\\\\ud800"}'`), 'half of a character'),
    invalid('nests without end', says(`'{"a":'.repeat(70) + '1' + '}'.repeat(70)`), 'deep'),
    invalid('says more than is kept', says(`JSON.stringify({ a: 'x'.repeat(2 ** 20) })`), '1 MiB'),
    [
      'fails behind its answer',
      () => ({ entry: program(`console.log('{}'); process.exitCode = 4;`) }),
      { code: 'agent-exited', says: 'exit code 4' },
    ],
    [
      'takes too much memory',
      () => ({ entry: program('const all = []; for (;;) all.push(Buffer.alloc(2 ** 24, 1));') }),
      { code: 'agent-out-of-memory', says: '512 MiB' },
    ],
  ],
  asks: null,
  limited: null,
  tellsUnknown: null,
  runs: (script) => ({ entry: running(script, `console.log('{}')`) }),
};
