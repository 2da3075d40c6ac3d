import type { JsonObject } from '../../../../src/domain/json.js';
import { QUESTION, type Contract, type Failure } from '../contract.js';
import { endless, program, running } from './shipped-program.js';

const says = (line: string): JsonObject => program(`console.log(JSON.stringify(${line}))`);
const asking = (more: object): JsonObject => says(JSON.stringify({ type: 'question', ...QUESTION, ...more }));
const invalid = (what: string, entry: JsonObject, more: string) =>
  [what, () => ({ entry }), { code: 'agent-output-invalid', says: more } satisfies Failure] as const;

export const commandContract: Contract = {
  invalid: [
    [{}, '/argv'],
    [{ argv: [] }, '/argv'],
    [{ argv: ['true'], shell: true }, '/'],
  ],
  doubles: () => ({ entry: says(`{ type: 'result', output: { doubled: 2 * input.params.number } }`) }),
  usage: null,
  keepsSession: false,
  endless: endless(`console.log('{"type":"log","message":"begun"}')`),
  fails: [
    invalid('says nothing', program(''), 'without a line of type "result"'),
    invalid('says what is no JSON', program(`console.log('<html>')`), 'line 1 is not JSON'),
    invalid('says what is not of the protocol', says('{ output: {} }'), 'line 1, /'),
    invalid('asks with one option', asking({ options: [QUESTION.options[0]] }), '/options'),
    invalid('asks with one option twice', asking({ options: [QUESTION.options[0], QUESTION.options[0]] }), '/options'),
    invalid('recommends no option', asking({ recommended: 'C' }), '/recommended'),
    invalid(
      'asks and answers',
      program(
        `console.log(${JSON.stringify(JSON.stringify({ type: 'question', ...QUESTION }))}); console.log('{"type":"result"}');`,
      ),
      'comes after the question',
    ),
    ['fails', () => ({ entry: program('process.exit(3)') }), { code: 'agent-exited', says: 'exit code 3' }],
  ],
  asks: () => ({ entry: asking({}) }),
  limited: null,
  tellsUnknown: null,
  runs: (script) => ({ entry: running(script, `console.log('{"type":"result"}')`) }),
};
