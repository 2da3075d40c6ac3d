import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentEvent } from '../../../../src/agents/agent-event.js';
import { LONG_MS, type Bench } from '../bench.js';
import type { Played } from './real-program.js';

const REACH = 'curl -s --max-time 3 https://example.com || echo unreachable > net.txt';

const happened = (events: readonly AgentEvent[], type: AgentEvent['type']) =>
  events.filter((event) => event.type === type);

/** How it works in its sandbox, and what it tells of it. */
export function workClauses(bench: Bench, { program, model, playing, asksBeside = [] }: Played): void {
  const inWorkspace = (file: string): string => join(bench.room.workspace, file);
  const counted: unknown = program.abilities.usage ? 300 : null;

  it(
    'is told its task, edits a file, reaches nothing but its model, tells what it did and what it used',
    async () => {
      const failure = { code: 'gate-failed', message: 'The tests failed.', gates: [], findings: [] };
      const answers = [{ question: 'Which?', option: 'A', text: null, reason: null, by: 'maya' }];
      const turns = [{ command: 'echo hello > hello.txt' }, { command: REACH }, { say: 'I said hello.' }];
      const { outcome, events, refusals } = await bench.ask(playing(turns, { request: { failure, answers } })());
      for (const told of ['Say hello', 'You are a developer.', 'The tests failed.', 'Which? — A (maya)'])
        expect(model.bodies[0]).toContain(told);
      expect(readFileSync(inWorkspace('hello.txt'), 'utf8')).toBe('hello\n');
      expect(readFileSync(inWorkspace('net.txt'), 'utf8')).toBe('unreachable\n');
      const refusal = (host: string): string => `CONNECT ${host} is not on the list of allowed hosts`;
      expect(refusals).toContain(refusal('example.com:443'));
      expect(['example.com:443', ...asksBeside].map(refusal)).toEqual(expect.arrayContaining(refusals));
      expect(outcome).toMatchObject({
        kind: 'answered',
        answer: { summary: 'I said hello.', output: {}, findings: [] },
      });
      const commands = ['echo hello > hello.txt', REACH].map((command) => expect.stringContaining(command) as string);
      expect(happened(events, 'command')).toEqual(
        commands.flatMap((command) => [
          { type: 'command', command, result: null },
          { type: 'command', command, result: { ok: true, text: expect.any(String) as string } },
        ]),
      );
      expect(happened(events, 'message')).toEqual([{ type: 'message', text: 'I said hello.' }]);
      expect(happened(events, 'usage').at(-1)).toMatchObject({ inputTokens: counted });
      expect(model.asked).toEqual([0, 1, 2]);
    },
    LONG_MS,
  );

  it(
    'changes nothing where it only looks',
    async () => {
      await bench.answered();
      expect(existsSync(inWorkspace('looked.txt'))).toBe(false);
    },
    LONG_MS,
  );

  it(
    'goes on after an error of its model that passes, and is not stuck where another thing comes of the same',
    async () => {
      const line = { command: 'echo x >> lines.txt; wc -l lines.txt' };
      // Gemini ends by itself with the fifth of the same.
      const turns = [line, line, line, line, { status: 500, message: 'something broke', times: 1 }];
      expect((await bench.ask(playing(turns)())).outcome).toMatchObject({
        kind: 'answered',
        answer: { summary: 'There is nothing more to do.' },
      });
      expect(model.asked).toEqual([0, 1, 2, 3, 4, 4]);
    },
    LONG_MS,
  );
}
