import { compilePipeline } from '../../../src/schema/pipeline/compile-pipeline.js';

/** A pipeline of one step, which these lines make. */
export const compileStep = (...step: readonly string[]) =>
  compilePipeline(`name: p\nsteps:\n  - name: One\n${step.map((line) => `    ${line}\n`).join('')}`, {
    file: 'p.yaml',
  });

/** The errors of it, each with its place. */
export const faultsOfStep = (...step: readonly string[]): readonly string[] => {
  const compiled = compileStep(...step);
  if (compiled.kind !== 'refused') return [];
  return compiled.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, line, column, message }) => `${line}:${column} ${code}: ${message}`);
};

/** What an agent does. */
export const AGENT = ['agent: any', 'action: code.implement'] as const;
