import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import type { Played } from './real-program.js';
import { ToolServer } from './tool-server.js';

/** The proof of approvals. */
export async function asksFirst(bench: Bench, { program, model, playing }: Played): Promise<void> {
  const asking = { entry: { askFor: ['command'] } };
  const turns = [{ command: 'echo allowed > allowed.txt' }, { say: 'Done.' }];
  const { outcome } = await bench.ask(playing(turns, asking)());
  expect(outcome).toMatchObject({
    kind: 'asked',
    question: {
      text: `${program.title} asks whether it may run a command:\n\necho allowed > allowed.txt`,
      session: expect.any(String) as string,
    },
  });
  expect(existsSync(join(bench.room.workspace, 'allowed.txt'))).toBe(false);
  if (outcome.kind !== 'asked') throw new Error('it did not ask');
  const { session, permission, text: question } = outcome.question;
  const answers = [{ question, option: 'Allow', text: null, reason: null, by: 'maya', permission: permission! }];
  const again = playing(turns, { ...asking, request: { attempt: 2, session, told: true, answers } });
  expect((await bench.ask(again())).outcome).toMatchObject({ kind: 'answered', answer: { summary: 'Done.' } });
  expect(existsSync(join(bench.room.workspace, 'allowed.txt'))).toBe(true);
  // The turn that was asked about is not asked of the model again.
  expect(model.asked).toEqual([1]);
}

/** The proof that it is given Baton's tools. */
export async function callsTools(bench: Bench, { playing }: Played): Promise<void> {
  const server = new ToolServer();
  await server.listen();
  try {
    const openTools = () => Promise.resolve(server.tools);
    const turns = [{ tool: 'get_briefing', input: {} }, { command: 'env > seen.txt' }, { say: 'Done.' }];
    const { outcome } = await bench.ask(playing(turns, { context: { openTools } })());
    expect(outcome).toMatchObject({ kind: 'answered' });
    expect(server.called).toEqual(['get_briefing']);
    expect(server.refused).toEqual([]);
  } finally {
    server.close();
  }
}
