import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validateFile } from '../../src/cli/validate.js';

const TEMPLATE = fileURLToPath(new URL('../../templates/feature-development.yaml', import.meta.url));

describe('validateFile', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-validate-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function validate(path: string, json = false): Promise<{ code: number; lines: string[] }> {
    const lines: string[] = [];
    const code = await validateFile(path, { json, out: (line) => lines.push(line) });
    return { code, lines };
  }
  async function file(text: string): Promise<string> {
    const path = join(folder, 'p.yaml');
    await writeFile(path, text);
    return path;
  }

  it('passes the built-in pipeline', async () => {
    expect(await validate(TEMPLATE)).toEqual({
      code: 0,
      lines: [`${TEMPLATE}: feature-development is valid: 8 steps`],
    });
  });

  it.each(['bug-fix', 'compliance-check-weekly', 'feature-development', 'security-audit', 'security-audit-deploy'])(
    'passes %s as it was designed, without a warning',
    async (name) => {
      const path = fileURLToPath(new URL(`../schema/designs/${name}.yaml`, import.meta.url));
      const { code, lines } = await validate(path);
      expect({ code, lines }).toEqual({
        code: 0,
        lines: [expect.stringMatching(new RegExp(`: ${name} is valid: \\d+ steps$`)) as string],
      });
    },
  );

  it('passes a file with warnings, and shows them', async () => {
    const { code, lines } = await validate(await file('name: p\nsteps:\n  - { name: A, pipeline: ci-failure-fix }'));
    expect(code).toBe(0);
    expect(lines[0]).toContain('p.yaml:3:26 warning the pipeline `ci-failure-fix` is not there yet');
    expect(lines.at(-1)).toContain('p is valid: 1 step, 1 warning');
  });

  it('refuses a broken file with every fault and the line it stands in', async () => {
    const { code, lines } = await validate(
      await file('name: p\nsteps:\n  - name: A\n    agent: role:reviwer\n    action: revew.code'),
    );
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain('(did you mean `role:reviewer`?)');
    expect(lines.join('\n')).toContain('  4 |     agent: role:reviwer');
    expect(lines.at(-1)).toContain('2 errors');
  });

  describe('of a repository configuration', () => {
    async function configuration(text: string): Promise<string> {
      const path = join(folder, 'repo', '.baton', 'repository.yaml');
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      return path;
    }

    it('passes a valid file, named itself or by its repository', async () => {
      const path = await configuration('setup: { command: npm ci, network: true }\ntest: { command: npm test }\n');
      const lines = [`${path}: the repository configuration is valid: setup, test`];
      expect(await validate(path)).toEqual({ code: 0, lines });
      expect(await validate(join(folder, 'repo'))).toEqual({ code: 0, lines });
      expect(JSON.parse((await validate(path, true)).lines[0]!)).toEqual({
        ...{ file: path, ok: true, sections: ['setup', 'test'], diagnostics: [] },
      });
    });

    it('refuses a broken file with every fault, at its line', async () => {
      const path = await configuration(
        'lnit:\n  command: npm test\nsetup:\n  command: npm ci\n  timeout: soon\n  chache: [a]\n',
      );
      const { code, lines } = await validate(path);
      expect(code).toBe(1);
      expect(lines.join('\n')).toContain(`${path}:1:1 error Unrecognized key: "lnit" (did you mean \`lint\`?)`);
      expect(lines.join('\n')).toContain(`${path}:5:12 error is a duration such as 90s, 10m or 1h`);
      expect(lines.join('\n')).toContain(`${path}:6:3 error Unrecognized key: "chache" (did you mean \`cache\`?)`);
      expect(lines.at(-1)).toContain('3 errors');
      expect(JSON.parse((await validate(path, true)).lines[0]!)).toMatchObject({
        ok: false,
        error: { code: 'repository-config-invalid', errors: { length: 3 } },
      });
    });

    it('takes a file of that name with steps for a pipeline', async () => {
      const path = join(folder, 'repository.yaml');
      await writeFile(path, 'name: p\nsteps:\n  - { name: A, action: flow.noop }\n');
      expect(await validate(path)).toEqual({ code: 0, lines: [`${path}: p is valid: 1 step`] });
    });
  });

  it('speaks JSON', async () => {
    const valid = await validate(TEMPLATE, true);
    expect(JSON.parse(valid.lines.join(''))).toEqual({
      file: TEMPLATE,
      ok: true,
      name: 'feature-development',
      steps: 8,
      unavailable: [],
      diagnostics: [],
    });
    const broken = await validate(await file('name: p'), true);
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.lines.join(''))).toMatchObject({
      ok: false,
      error: { code: 'pipeline-invalid', errors: [{ message: expect.stringMatching(/^1:1 /) as string }] },
      diagnostics: [{ code: 'steps-missing', line: 1 }],
    });
  });

  it('says so where there is no file, or no readable one', async () => {
    const missing = join(folder, 'none.yaml');
    await expect(validate(missing)).rejects.toMatchObject({
      code: 'file-missing',
      exitCode: 2,
      message: `There is no file ${missing}.`,
    });
    await expect(validate(folder, true)).rejects.toMatchObject({
      message: `There is no file ${join(folder, '.baton/repository.yaml')}.`,
    });
    await mkdir(join(folder, 'unreadable/.baton/repository.yaml'), { recursive: true });
    await expect(validate(join(folder, 'unreadable'), true)).rejects.toMatchObject({
      code: 'file-unreadable',
      exitCode: 2,
    });
  });
});
