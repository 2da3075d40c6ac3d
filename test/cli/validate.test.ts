import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    await expect(validate(folder, true)).rejects.toMatchObject({ code: 'file-unreadable', exitCode: 2 });
  });
});
