import { compilePipeline } from '../../../src/schema/pipeline/compile-pipeline.js';

const compile = (step: string) => compilePipeline(`name: p\nsteps:\n  - { name: Work, ${step} }\n`, { file: 'p.yaml' });
const gatesOf = (gates: string) => {
  const compiled = compile(`agent: any, action: code.fix, gates: ${gates}`);
  if (compiled.kind === 'refused') return compiled.diagnostics.map(({ message, hint }) => `${message}: ${hint ?? ''}`);
  const [step] = compiled.plan.steps;
  return step?.kind === 'agent' ? step.gates : [];
};

describe('scans as gates', () => {
  it('fail from a severity of their own on, or the one that is named', () => {
    expect(gatesOf('[secrets, sast, dependencies]')).toEqual([
      { kind: 'secrets', failOn: 'info', network: false },
      { kind: 'sast', failOn: 'high', network: false },
      { kind: 'dependencies', failOn: 'high', network: false },
    ]);
    expect(gatesOf('[{ sast: medium }, "dependencies: critical, network"]')).toEqual([
      { kind: 'sast', failOn: 'medium', network: false },
      { kind: 'dependencies', failOn: 'critical', network: true },
    ]);
  });

  it('take nothing else, and network only where there is something to ask', () => {
    expect(gatesOf('["sast: hihg"]')).toEqual(['the gate `sast` does not take `hihg`: did you mean `high`?']);
    expect(gatesOf('["secrets: network"]')).toEqual([
      expect.stringMatching(/^the gate `secrets` does not take `network`/),
    ]);
  });
});

describe('the parameters of an audit', () => {
  it('are checked', () => {
    const params = (text: string) => {
      const compiled = compile(`action: audit.dependencies, params: { ${text} }`);
      return compiled.kind === 'refused' ? compiled.diagnostics.map(({ message }) => message) : 'compiled';
    };
    expect(params('network: true, allowInconclusive: "{{ context.lenient }}", severity: high, failOn: never')).toBe(
      'compiled',
    );
    expect(params('network: perhaps')).toEqual(['`network` is true or false, not `perhaps`']);
    expect(params('failOn: hihg')).toEqual([expect.stringMatching(/^`failOn` is one of critical, high/)]);
    expect(params('registry: x')).toEqual(['`audit.dependencies` takes no `registry`']);
  });
});
