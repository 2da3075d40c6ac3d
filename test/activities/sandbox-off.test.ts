import { startEngine, type Engine } from '../support/engine.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    isolation: 'off',
    agents: [{ name: 'devon', script: `write('new.txt', String(request.attempt)); done();` }],
  });
});
afterAll(() => engine.stop());

describe('without a sandbox (BATON_SANDBOX=off)', () => {
  it('every run carries a warning, once, which its events tell too', async () => {
    const { id, result } = await engine.run(`
name: unsafe
steps:
  - { name: One, agent: devon, action: code.implement }
  - { name: Two, agent: devon, action: code.implement, when: "false" }
  - { name: Three, agent: devon, action: code.implement }
`);
    expect(result).toMatchObject({ status: 'succeeded', error: null });
    const { warnings } = await engine.record.run(id);
    expect(warnings).toEqual([
      'Agents of this run work without a sandbox (BATON_SANDBOX=off): they can reach all that the worker can.',
    ]);
    const started = (await engine.record.events(id)).filter(({ type }) => type === 'agent.started');
    for (const { briefing, payload } of started) {
      expect(briefing).toContain(warnings[0]);
      expect(payload).toMatchObject({ sandbox: 'off' });
    }
    expect(await engine.record.log(id, 'one', 'agent.log')).toContain('sandbox: off');
  });
});
