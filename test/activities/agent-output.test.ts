import { startEngine, type Engine } from '../support/engine.js';

let engine: Engine;
beforeAll(async () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 9\n`;
  const attributes = '*.bin filter=lfs diff=lfs merge=lfs -text\n';
  engine = await startEngine({
    files: { 'README.md': 'a demo\n', '.gitignore': 'ignored/\n', '.gitattributes': attributes, 'art.bin': pointer },
  });
});
afterAll(() => engine.stop());

const result = (more: string): string => `say({ type: 'result', ${more} });`;
const finding = (more: string): string => result(`findings: [{ rule: 'r', severity: 'high', message: 'm', ${more} }]`);

/** What an agent may do wrong, how the attempt fails, and what its failure says. */
const BROKEN: readonly (readonly [what: string, script: string, code: string, says: RegExp])[] = [
  ['changes nothing', 'done();', 'no-change', /says that it is done, but the tree is as it was/],
  ['undoes its change', `write('a.txt', 'x'); rmSync('a.txt'); done();`, 'no-change', /the tree is as it was/],
  [
    'writes only what is ignored',
    `mkdirSync('ignored'); write('ignored/a', 'x'); done();`,
    'no-change',
    /the tree is as it was/,
  ],
  [
    'commits by itself',
    `write('.git/x', 'x'); execFileSync('git', ['commit', '-q', '--allow-empty', '-m', 'mine']); done();`,
    'no-change',
    /the tree is as it was/,
  ],
  ['says nothing', `write('a.txt', 'x');`, 'agent-output-invalid', /ended without a line of type "result"/],
  [
    'only logs',
    `write('a.txt', 'x'); say({ type: 'log', message: 'working' });`,
    'agent-output-invalid',
    /ended without a line of type "result"/,
  ],
  [
    'prints garbage',
    `write('a.txt', 'x'); say('all done!\\n'); done();`,
    'agent-output-invalid',
    /line 1 is not JSON: all done!/,
  ],
  [
    'prints bytes',
    `write('a.txt', 'x'); process.stdout.write(Buffer.from([0xff, 0xfe, 0x0a])); done();`,
    'agent-output-invalid',
    /line 1 is not JSON/,
  ],
  ['prints half a line', `write('a.txt', 'x'); say('{"type":"result"');`, 'agent-output-invalid', /line 1 is not JSON/],
  ['prints a list', `write('a.txt', 'x'); say('[]\\n');`, 'agent-output-invalid', /line 1, \//],
  ['prints null', `write('a.txt', 'x'); say('null\\n');`, 'agent-output-invalid', /line 1, \//],
  ['prints another type', `write('a.txt', 'x'); say({ type: 'thought' });`, 'agent-output-invalid', /line 1, \/type/],
  ['adds a field', `write('a.txt', 'x'); done({ approved: true });`, 'agent-output-invalid', /line 1, .*approved/],
  [
    'gives a summary that is no text',
    `write('a.txt', 'x'); done({ summary: 7 });`,
    'agent-output-invalid',
    /line 1, \/summary/,
  ],
  [
    'gives an output that is no object',
    `write('a.txt', 'x'); done({ output: [] });`,
    'agent-output-invalid',
    /line 1, \/output/,
  ],
  [
    'gives a finding without severity',
    `write('a.txt', 'x'); done({ findings: [{ rule: 'r', message: 'm' }] });`,
    'agent-output-invalid',
    /line 1, \/findings\/0\/severity/,
  ],
  [
    'gives a finding on line 0',
    `write('a.txt', 'x'); ${finding('line: 0')}`,
    'agent-output-invalid',
    /line 1, \/findings\/0\/line/,
  ],
  [
    'uses less than nothing',
    `write('a.txt', 'x'); say({ type: 'usage', inputTokens: -1 }); done();`,
    'agent-output-invalid',
    /line 1, \/inputTokens/,
  ],
  [
    'lists nothing',
    `write('a.txt', 'x'); say({ type: 'checklist', items: [] }); done();`,
    'agent-output-invalid',
    /line 1, \/items/,
  ],
  [
    'lists an item twice',
    `write('a.txt', 'x'); say({ type: 'checklist', items: ['a', ' a\\t'] }); done();`,
    'agent-output-invalid',
    /line 1, \/items: names an item twice/,
  ],
  [
    'lists an item that is too long',
    `write('a.txt', 'x'); say({ type: 'checklist', items: ['ok', 'x'.repeat(201)] }); done();`,
    'agent-output-invalid',
    /line 1, \/items\/1: .*200/,
  ],
  [
    'lists an item without a text',
    `write('a.txt', 'x'); say({ type: 'checklist', items: [' \\u0007 '] }); done();`,
    'agent-output-invalid',
    /line 1, \/items\/0/,
  ],
  [
    'lists too many items in parts',
    `write('a.txt', 'x');
     for (const part of ['a', 'b']) say({ type: 'checklist', items: Array.from({ length: 26 }, (_, n) => part + n) });
     done();`,
    'agent-output-invalid',
    /line 2 makes 52 items, and a step has at most 50/,
  ],
  [
    'marks what is not listed',
    `write('a.txt', 'x'); say({ type: 'item', item: 'b', status: 'done' }); done();`,
    'agent-output-invalid',
    /line 1 marks "b", which is no item of the checklist/,
  ],
  [
    'marks an item as nothing known',
    `write('a.txt', 'x'); say({ type: 'checklist', items: ['a'] }); say({ type: 'item', item: 'a', status: 'half' }); done();`,
    'agent-output-invalid',
    /line 2, \/status/,
  ],
  [
    'marks an item again and again',
    `write('a.txt', 'x'); say({ type: 'checklist', items: ['a'] });
     for (let n = 0; n < 501; n += 1) say({ type: 'item', item: 'a', status: 'open' });
     done();`,
    'agent-output-invalid',
    /line 502 marks items more than 500 times in one attempt/,
  ],
  [
    'talks after its result',
    `write('a.txt', 'x'); done(); say({ type: 'log', message: 'and' });`,
    'agent-output-invalid',
    /line 2 comes after the result/,
  ],
  [
    'gives two results',
    `write('a.txt', 'x'); done(); done();`,
    'agent-output-invalid',
    /line 2 comes after the result/,
  ],
  [
    'prints a line without end',
    `write('a.txt', 'x'); for (let n = 0; n < 40; n += 1) process.stdout.write('x'.repeat(65536));`,
    'agent-output-invalid',
    /line 1 is longer than 1 MiB/,
  ],
  [
    'prints a line that is too long',
    `write('a.txt', 'x'); done({ output: { text: 'x'.repeat(1048600) } });`,
    'agent-output-invalid',
    /line 1 is longer than 1 MiB/,
  ],
  [
    'prints a line of too many bytes',
    `write('a.txt', 'x'); done({ output: { text: '文'.repeat(400000) } });`,
    'agent-output-invalid',
    /line 1 is longer than 1 MiB/,
  ],
  [
    'prints a NUL',
    `write('a.txt', 'x'); done({ summary: 'a\\0b' });`,
    'agent-output-invalid',
    /line 1 holds a NUL or half of a character/,
  ],
  [
    'prints half of a character',
    `write('a.txt', 'x'); done({ output: { '\\ud83d': 1 } });`,
    'agent-output-invalid',
    /line 1 holds a NUL or half of a character/,
  ],
  [
    'nests its log deeper than a stack',
    `write('a.txt', 'x'); say('{"type":"log","message":' + '['.repeat(50000) + ']'.repeat(50000) + '}\\n'); done();`,
    'agent-output-invalid',
    /line 1 is nested more than 60 deep/,
  ],
  [
    'nests its output deeper than a stack',
    `write('a.txt', 'x'); say('{"type":"result","output":{"a":' + '{"a":'.repeat(50000) + '1' + '}'.repeat(50000) + '}}\\n');`,
    'agent-output-invalid',
    /line 1 is nested more than 60 deep/,
  ],
  [
    'prints garbage with a NUL',
    `write('a.txt', 'x'); say('all\\0done\\n'); done();`,
    'agent-output-invalid',
    /line 1 is not JSON: all\ufffddone/,
  ],
  [
    'dies with a NUL',
    `write('a.txt', 'x'); process.stderr.write('out\\0of credit'); process.exitCode = 2;`,
    'agent-exited',
    /exit code 2: .*out\ufffdof credit/s,
  ],
  [
    'gives a finding behind the last line that can be',
    `write('a.txt', 'x'); ${finding('line: 2147483648')}`,
    'agent-output-invalid',
    /line 1, \/findings\/0\/line: Too big: expected number to be <=2147483647/,
  ],
  [
    'costs more than anything',
    `write('a.txt', 'x'); say({ type: 'usage', costUsd: 1e6 }); done();`,
    'agent-output-invalid',
    /line 1, \/costUsd: Too big: expected number to be <=999999/,
  ],
  [
    'exits with an error',
    `write('a.txt', 'x'); done(); process.stderr.write('out of credit'); process.exitCode = 2;`,
    'agent-exited',
    /exit code 2: .*out of credit/s,
  ],
  ['crashes', `write('a.txt', 'x'); throw new Error('boom');`, 'agent-exited', /exit code 1: .*boom/s],
  ['kills itself', `write('a.txt', 'x'); done(); process.kill(process.pid, 'SIGKILL');`, 'agent-exited', /exit code/],
  [
    'makes a repository inside',
    `write('inner/a.txt', 'x'); execFileSync('git', ['init', '-q', 'inner']); done();`,
    'nested-repository',
    /holds other repositories \(inner\): delete their \.git/,
  ],
  [
    'replaces a pointer of Git LFS by content',
    `write('art.bin', 'content'); write('a.txt', 'x'); done();`,
    'unfiltered-content',
    /filter=lfs for art\.bin, and Baton runs no Git filter/,
  ],
];

const PIPELINE = (name: string): string => `
name: broken
steps:
  - { name: Work, agent: ${name}, action: code.implement, retry: 1 }
  - { name: After, action: flow.noop }
`;

describe('an agent that', () => {
  it.each(BROKEN)('%s fails its attempt with a reason of its own', async (what, script, code, says) => {
    const name = what.replaceAll(' ', '-');
    await engine.addAgent({ name, script });
    const { id, result: ended } = await engine.run(PIPELINE(name));
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code, message: expect.stringMatching(says) as string, step: 'work' },
    });
    expect(await engine.record.statuses(id)).toEqual({ work: 'failed', after: 'skipped' });
    expect(await engine.record.attempts(id)).toMatchObject([{ status: 'failed', commit: null, error: { code } }]);
    expect(await engine.record.run(id)).toMatchObject({ status: 'failed', branch: null });
    expect(await engine.forgeGit('for-each-ref', 'refs/heads/broken')).toBe('');
  });

  it('does it right succeeds, by which the table above proves something', async () => {
    await engine.addAgent({
      name: 'right',
      script: `write('a.txt', 'x'); say({ type: 'usage', inputTokens: 7, outputTokens: 8, costUsd: 0.25 }); done({ output: { ok: true } });`,
    });
    const { id, result: ended } = await engine.run(PIPELINE('right'));
    expect(ended).toMatchObject({ status: 'succeeded' });
    expect(await engine.record.attempts(id)).toMatchObject([
      { status: 'succeeded', tokens_in: 7, tokens_out: 8, cost_usd: 0.25, network: 'none' },
    ]);
  });
});

describe('long texts of an agent', () => {
  it('are cut, and say so, and cost it nothing', async () => {
    await engine.addAgent({
      name: 'verbose',
      script: `write('a.txt', 'x'); say({ type: 'log', message: 'l'.repeat(30000) });
        done({ summary: 's'.repeat(19999) + '😀', findings: [{ rule: 'r', severity: 'low', message: 'm'.repeat(20001) }] });`,
    });
    const { id, result: ended } = await engine.run(PIPELINE('verbose'));
    expect(ended).toMatchObject({ status: 'succeeded' });
    expect(await engine.record.log(id, 'work', 'agent.log')).toContain(
      `${'l'.repeat(20_000)}\n[Baton cut the text here: 20000 of 30000 characters kept]\n`,
    );
    expect(await engine.record.attempts(id)).toMatchObject([
      { summary: `${'s'.repeat(19_999)}\n[Baton cut the text here: 19999 of 20001 characters kept]` },
    ]);
    const [found] = await engine.record.inTx((tx) =>
      tx.selectFrom('findings').select('message').where('run_id', '=', id).execute(),
    );
    expect(found!.message).toBe(`${'m'.repeat(20_000)}\n[Baton cut the text here: 20000 of 20001 characters kept]`);
  });
});

describe('schemas of an agent', () => {
  const schema = {
    type: 'object',
    required: ['score'],
    properties: { score: { type: 'integer' }, list: { type: 'array', items: { type: 'string' } } },
    additionalProperties: false,
  };
  const run = async (agent: Parameters<Engine['addAgent']>[0], params = '') => {
    await engine.addAgent(agent);
    return engine.run(`
name: schemas
steps:
  - { name: Look, agent: ${agent.name}, action: review.code, retry: 1${params} }
`);
  };

  it.each([
    ['a field is missing', '{ output: {} }', /\/ must have required property 'score'/],
    ['a field is of another type', `{ output: { score: 'high' } }`, /\/score must be integer/],
    ['an item is of another type', `{ output: { score: 1, list: ['a', 2] } }`, /\/list\/1 must be string/],
    ['there is one field too many', `{ output: { score: 1, more: 1 } }`, /additional properties \(more\)/],
  ])('refuse an output where %s, with its JSON pointer', async (what, answer, says) => {
    const { result: ended } = await run({
      name: what.replaceAll(' ', '-'),
      can: ['review.code'],
      outputSchema: schema,
      script: `done(${answer});`,
    });
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'output-invalid', message: expect.stringMatching(says) as string },
    });
    expect(ended.error?.message).toMatch(/^The output of Look does not fit its schema/);
  });

  it('is at most what may be handed on, and another attempt may give less', async () => {
    await engine.addAgent({
      name: 'talker',
      can: ['code.implement'],
      script: `write('a.txt', 'x' + request.attempt); done({ output: { text: 'x'.repeat(request.attempt === 1 ? 10_000 : 10) } });`,
    });
    const { id, result: ended } = await engine.run(`
name: talk
steps:
  - { name: Talk, agent: talker, action: code.implement, retry: 2 }
  - { name: Then, action: flow.noop, when: "steps.talk.output.text != ''" }
`);
    expect(ended).toMatchObject({ status: 'succeeded' });
    expect(await engine.record.attempts(id)).toMatchObject([
      { status: 'failed', error: { code: 'output-too-large' } },
      { status: 'succeeded' },
    ]);
    const { branch } = await engine.record.run(id);
    expect(await engine.forgeGit('rev-list', '--count', `main..${branch!}`)).toBe('1');
  });

  it('refuse parameters before the agent is started', async () => {
    const { id, result: ended } = await run(
      { name: 'picky', can: ['review.code'], inputSchema: schema, script: `done();` },
      `, params: { score: "high" }`,
    );
    expect(ended).toMatchObject({
      status: 'failed',
      error: {
        code: 'input-invalid',
        message: expect.stringMatching(/The input of Look .*\/score must be integer/) as string,
      },
    });
    expect(await engine.record.log(id, 'look', 'agent.log')).not.toContain('begins');
  });

  it('may have an $id, also twice', async () => {
    const agent = {
      name: 'named',
      can: ['review.code'],
      outputSchema: { $id: 'https://example.org/score', ...schema },
      script: 'done({ output: { score: 1 } });',
    };
    expect((await run(agent)).result).toMatchObject({ status: 'succeeded', error: null });
    expect((await run(agent)).result).toMatchObject({ status: 'succeeded', error: null });
  });

  it('that are broken themselves are named as such', async () => {
    const { result: ended } = await run({
      name: 'confused',
      can: ['review.code'],
      outputSchema: { type: 'thing' },
      script: 'done();',
    });
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'schema-invalid' } });
  });
});
