import { startEngine, type Engine } from '../support/engine.js';

const CONFIG = 'test: { command: "for each in test/*.sh; do sh $each || exit 1; done" }\n';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    files: { 'README.md': 'a demo\n', 'test/old.sh': 'true\n', '.baton/repository.yaml': CONFIG },
  });
});
afterAll(() => engine.stop());

/** One attempt of an agent that leaves files behind, and what its gate says. */
async function check(gate: string, name: string, files: Readonly<Record<string, string>>, repository = 'demo') {
  const writes = Object.entries(files).map(
    ([path, content]) => `write(${JSON.stringify(path)}, ${JSON.stringify(content)});`,
  );
  await engine.addAgent({ name, script: `${writes.join(' ')} done();` });
  const { id, result } = await engine.run(
    `
name: gated
steps:
  - { name: Work, agent: ${name}, action: code.writeTests, gates: [${gate}], retry: 1 }
`,
    { repository },
  );
  const [gated] = await engine.record.gates(id);
  return { result, verdict: gated!.verdict, summary: gated!.summary };
}

describe('the gate `red`', () => {
  it('passes for new tests that fail, and only they', async () => {
    const { result, ...said } = await check('red', 'good', { 'test/new.sh': 'test -f feature.txt\n' });
    expect(said).toEqual({ verdict: 'pass', summary: 'the new tests fail, and only they' });
    expect(result.status).toBe('succeeded');
  });

  it.each([
    ['eager', 'new tests that pass already', { 'test/new.sh': 'true\n' }, /pass already/],
    [
      'meddler',
      'a change of anything but tests',
      { 'test/new.sh': 'false\n', 'feature.txt': 'x' },
      /only tests are written here, and the change touches feature\.txt/,
    ],
    ['spoiler', 'a test that was there and fails now', { 'test/old.sh': 'false\n' }, /touches test\/old\.sh/],
  ])('fails (%s) for %s', async (name, _what, files, says) => {
    const { result, verdict, summary } = await check('red', name, files);
    expect({ verdict, summary }).toEqual({ verdict: 'fail', summary: expect.stringMatching(says) as string });
    expect(result).toMatchObject({ status: 'failed', error: { code: 'gate-failed' } });
  });

  it('tells a linter that fails from a test that fails', async () => {
    const said = await check('red', 'untidy', { 'test/new.sh': 'echo "✖ 1 problem (1 error, 0 warnings)"; false\n' });
    expect(said).toMatchObject({
      verdict: 'fail',
      summary: 'ESLint fails and no test does: the new tests show nothing until they pass it',
    });
  });

  it('goes by the globs that the repository names', async () => {
    const config = `tests: ['checks/**', 'test/**']\n${CONFIG}`;
    await engine.addRepository('own', { 'test/old.sh': 'true\n', '.baton/repository.yaml': config });
    const said = await check('red', 'one', { 'test/new.sh': 'test -f feature.txt\n', 'checks/data': 'x' }, 'own');
    expect(said).toMatchObject({ verdict: 'pass' });
  });

  it('decides nothing where the tests failed before', async () => {
    await engine.addRepository('broken', { 'test/old.sh': 'false\n', '.baton/repository.yaml': CONFIG });
    const { result, verdict } = await check('red', 'late', { 'test/new.sh': 'false\n' }, 'broken');
    expect(verdict).toBe('inconclusive');
    expect(result).toMatchObject({
      status: 'failed',
      error: {
        code: 'gate-inconclusive',
        message: expect.stringMatching(/without the change the tests do not pass either/) as string,
      },
    });
  });

  describe('where the tests are known by name', () => {
    // Each line of the files is a test: its name and its verdict, which the report says as they are.
    const report = `mkdir -p out; { echo '<testsuite name="s">'; cat test/*.txt | while read name verdict; do
  if test $verdict = fail; then echo "<testcase name=\\"$name\\"><failure/></testcase>"; else echo "<testcase name=\\"$name\\"/>"; fi
done; echo '</testsuite>'; } > out/report.xml; ! grep -q fail test/*.txt`;
    const known = (old: string) => ({
      'test/old.txt': old,
      '.baton/repository.yaml': JSON.stringify({ test: { command: report, junit: 'out/report.xml' } }),
    });

    it('passes for one that is added to a file that is there', async () => {
      await engine.addRepository('named', known('old pass\n'));
      expect(await check('red', 'adder', { 'test/old.txt': 'old pass\nnew fail\n' }, 'named')).toMatchObject({
        verdict: 'pass',
        summary: 'the new tests fail, and only they: s > new',
      });
    });

    it('passes beside one that failed before', async () => {
      await engine.addRepository('half', known('old pass\nbroken fail\n'));
      expect(await check('red', 'beside', { 'test/new.txt': 'new fail\n' }, 'half')).toMatchObject({ verdict: 'pass' });
    });

    it('fails for one that passed before', async () => {
      const { verdict, summary } = await check('red', 'breaker', { 'test/old.txt': 'old fail\nnew fail\n' }, 'named');
      expect({ verdict, summary }).toEqual({ verdict: 'fail', summary: 'tests fail that did not before: s > old' });
    });
  });
});
