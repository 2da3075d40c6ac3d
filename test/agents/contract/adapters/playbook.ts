import type { JsonObject } from '../../../../src/domain/json.js';
import { doubling } from '../bench.js';
import { QUESTION, type Contract } from '../contract.js';

const moves = (move: JsonObject): JsonObject => ({ moves: [{ action: 'double', ...move }] });

export const playbookContract: Contract = {
  invalid: [
    [{}, '/moves'],
    [{ moves: [{}] }, '/moves/0/action'],
    [{ moves: [], more: 1 }, '/'],
  ],
  doubles: () => ({ entry: moves({ output: { doubled: 42 } }) }),
  usage: null,
  keepsSession: true,
  endless: {
    case: () => ({ entry: moves({ log: ['one', 'two'], paceMs: 600_000 }) }),
    hasBegun: ({ log }) => log.includes('one'),
  },
  fails: [
    ['has no move', () => ({ entry: { moves: [] } }), { code: 'no-move', retryable: false }],
    [
      'replaces what is not there',
      () => ({ entry: moves({ replace: [{ file: 'read-me', find: 'a', with: 'b' }] }) }),
      { code: 'agent-exited' },
    ],
  ],
  asks: () => ({ entry: moves({ ask: QUESTION }) }),
  limited: null,
  tellsUnknown: null,
  runs: null,
  alone: (bench) => {
    it('goes on by the answer', async () => {
      const entry = {
        moves: [
          { action: 'double', answered: 'A', output: { doubled: 1 } },
          { action: 'double', answered: 'B', output: { doubled: 2 } },
          { action: 'double', ask: QUESTION },
        ],
      };
      const answers = [{ question: 'Which?', option: 'B', text: null, reason: 'x', by: 'maya' }];
      expect((await bench.ask(doubling({ entry }))).outcome).toMatchObject({ kind: 'asked' });
      expect((await bench.ask(doubling({ entry, request: { answers } }))).outcome).toMatchObject({
        answer: { output: { doubled: 2 } },
      });
    });
  },
};
