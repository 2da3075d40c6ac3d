import { startEngine, type Engine } from '../support/engine.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    agents: [{ name: 'devon', moves: [{ action: 'code.implement', write: { 'new.txt': 'new\n' }, summary: 'Adds new.txt' }] }],
  });
});
afterAll(() => engine.stop());

describe('a run', () => {
  it('walks its steps to the end', async () => {
    const { id, result } = await engine.run(`
name: walk
steps:
  - { name: One, action: flow.noop }
  - { name: Two, agent: devon, action: code.implement, gates: [tests] }
`);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    expect(await engine.record.statuses(id)).toEqual({ one: 'succeeded', two: 'succeeded' });
  });
});
