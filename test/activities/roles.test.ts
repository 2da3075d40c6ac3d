import { startEngine, type Engine } from '../support/engine.js';

const FILES = {
  'README.md': 'a demo\n',
  'src/a.js': 'export const a = 1;\n',
  'test/a.test.js': '// holds\n',
  'checks/b.js': '// holds\n',
};

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: FILES,
    agents: [
      {
        name: 'devon',
        roles: ['developer'],
        // Learns from what it is told.
        script: `
          write('src/a.js', 'export const a = 2;');
          if (request.failure === null) write('test/a.test.js', '// passes now');
          if (request.action === 'code.implement') write('test/new.test.js', '// mine');
          done({ output: { told: request.instructions, failure: request.failure } });`,
      },
      {
        name: 'tara',
        roles: ['tester'],
        script: `write('src/a.js', 'export const a = 2;'); write('test/b.test.js', '// b'); done();`,
      },
    ],
  });
});
afterAll(() => engine.stop());

const one = (agent: string, action: string, more = ''): string =>
  `name: ${agent}-${action.replace('.', '-')}\ntrigger: manual\nsteps:\n  - { name: One, agent: ${agent}, action: ${action}${more} }`;

describe('a developer', () => {
  it.each(['code.fix', 'code.refactor', 'code.implement'])(
    'is sent back by %s that changes the tests which it must pass, with the files named',
    async (action) => {
      const { id, result } = await engine.run(one('devon', action));
      expect(result).toEqual({ status: 'succeeded', error: null });
      const attempts = await engine.record.attempts(id);
      expect(attempts.map(({ status, error }) => [status, error?.code])).toEqual([
        ['failed', 'outside-role'],
        ['succeeded', undefined],
      ]);
      expect(attempts[0]!.error!.message).toContain('leave test/a.test.js as it was');
      const { commit, output } = await engine.record.step(id, 'one');
      expect(await engine.forgeGit('show', `${commit!}:test/a.test.js`)).toBe('// holds');
      expect(output).toMatchObject({
        told: expect.stringMatching(/^# Developer\n/) as string,
        failure: { code: 'outside-role' },
      });
    },
  );
});

describe('a tester', () => {
  it('does not implement', async () => {
    const { result } = await engine.run(one('tara', 'code.writeTests', ', retry: 1'));
    expect(result.error).toMatchObject({
      code: 'outside-role',
      message: expect.stringContaining('leave src/a.js as it was') as string,
    });
  });

  it('cannot be named for a step outside of its role', async () => {
    await expect(engine.run(one('tara', 'code.implement'))).rejects.toThrow(
      'the agent `tara` may not do `code.implement` in its role `tester`',
    );
  });
});

describe('tests: of .baton/repository.yaml', () => {
  it('says which files are tests', async () => {
    await engine.addRepository('other', { ...FILES, '.baton/repository.yaml': 'tests: [checks/**]\n' });
    const { id, result } = await engine.run(one('devon', 'code.fix'), { repository: 'other' });
    expect(result.status).toBe('succeeded');
    expect(await engine.record.attempts(id)).toHaveLength(1);
  });
});
