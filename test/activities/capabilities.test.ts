import { startEngine, type Engine } from '../support/engine.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    people: { sen: ['senior-developer'] },
    agents: [
      {
        name: 'surveyor',
        roles: ['surveyor'],
        can: ['survey'],
        inputSchema: { type: 'object', properties: { depth: { type: 'integer' } }, required: ['depth'] },
        outputSchema: { type: 'object', properties: { summary: { type: 'object' } }, required: ['summary'] },
        script: `
          let writable = true;
          try { writeFileSync('mine.txt', 'x'); } catch { writable = false; }
          done({ output: request.params.depth > 3 ? {} : { mode: request.mode, writable, summary: { found: request.params.depth } } });`,
      },
      {
        name: 'polisher',
        roles: ['polisher'],
        can: ['polish'],
        mode: 'change',
        script: `write('README.md', 'shines'); done();`,
      },
      {
        name: 'surgeon',
        roles: ['surgeon'],
        can: ['operate'],
        mode: 'change',
        riskLevel: 'APPROVAL_REQUIRED',
        script: `write('README.md', 'operated'); done();`,
      },
    ],
  });
});
afterAll(() => engine.stop());
afterEach(() => engine.unhook());

const pipeline = (name: string, ...steps: readonly string[]): string =>
  [`name: ${name}`, 'trigger: manual', 'steps:', ...steps.map((step) => `  - ${step}`)].join('\n');

describe('a capability as an action', () => {
  it.each(['surveyor', 'any', 'role:surveyor'])('is done by the agent that has it, by way of %s', async (agent) => {
    const { id, result } = await engine.run(
      pipeline(
        'survey',
        `{ name: Survey, agent: '${agent}', action: survey, params: { depth: 2 } }`,
        "{ name: Note, action: flow.noop, when: 'nodes.survey.output.summary.found == 2' }",
      ),
    );
    expect(result).toEqual({ status: 'succeeded', error: null });
    expect(await engine.record.statuses(id)).toEqual({ survey: 'succeeded', note: 'succeeded' });
    const { output } = await engine.record.step(id, 'survey');
    expect(output).toMatchObject({ mode: 'analysis', writable: false, summary: { found: 2 } });
  });

  it('changes the tree where it says so', async () => {
    const { id, result } = await engine.run(pipeline('polish', '{ name: Polish, agent: any, action: polish }'));
    expect(result).toEqual({ status: 'succeeded', error: null });
    const { commit } = await engine.record.step(id, 'polish');
    expect(await engine.forgeGit('show', `${commit!}:README.md`)).toBe('shines');
  });

  it('is checked against its schemas, what goes in and what comes out', async () => {
    const survey = (depth: string): string =>
      pipeline(
        'bad-survey',
        `{ name: Survey, agent: surveyor, action: survey, params: { depth: ${depth} }, retry: 1 }`,
      );
    expect((await engine.run(survey('deep'))).result.error).toMatchObject({
      code: 'input-invalid',
      message: 'The input of Survey does not fit its schema: /depth must be integer',
    });
    expect((await engine.run(survey('4'))).result.error).toMatchObject({
      code: 'output-invalid',
      message: expect.stringContaining("/ must have required property 'summary'") as string,
    });
  });
});

describe('an agent that acts only after an approval', () => {
  it('does nothing before it is given', async () => {
    let begun = 0;
    engine.hooks.runAttempt = (request, real) => {
      begun += 1;
      return real(request);
    };
    const run = await engine.startRun(
      pipeline('operate', '{ name: Operate, agent: surgeon, action: operate, approvers: [human:team-lead] }'),
    );
    await engine.asked(run, 'operate-approval');
    expect(begun).toBe(0);
    await engine.decide(run, 'operate-approval', 'lee');
    expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
    expect(begun).toBe(1);
  });

  it('has people asked by the run itself where no step does, whoever the step asks for', async () => {
    const run = await engine.startRun(pipeline('ask', "{ name: Operate, agent: 'role:surgeon', action: operate }"));
    await engine.asked(run, 'operate');
    expect(await engine.record.approval(run.id, 'operate')).toMatchObject({
      purpose: 'act',
      risk: { tier: 'high', reasons: [{ rule: 'registered' }] },
      requirements: [{ rule: 'feature', approvers: ['senior-developer'] }],
    });
    await engine.decide(run, 'operate', 'sen');
    expect(await engine.finished(run)).toEqual({ status: 'succeeded', error: null });
  });

  it('is given no step of another kind that nobody approved', async () => {
    const { result } = await engine.run(pipeline('sneak', "{ name: Mend, agent: 'role:surgeon', action: code.fix }"));
    expect(result.error).toMatchObject({
      code: 'preconditions-failed',
      message: expect.stringMatching(/Mend: surgeon does not list code\.fix among its capabilities/) as string,
    });
  });
});
