import { startEngine, type Engine, type EngineOptions } from '../support/engine.js';

/** Engines with a repository and an agent that writes a file, which end with each test. */
export function gatedEngines() {
  const engines: Engine[] = [];
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.stop();
  });
  return async (config: string, options: EngineOptions = {}): Promise<Engine> => {
    const engine = await startEngine({
      agents: [{ name: 'devon', script: `write('new.txt', String(request.attempt)); done();` }],
      ...options,
      files: {
        'README.md': 'a demo\n',
        ...(config === '' ? {} : { '.baton/repository.yaml': config }),
        ...options.files,
      },
    });
    engines.push(engine);
    return engine;
  };
}

/** One step with gates. */
export const pipeline = (gates: string, more = ''): string => `
name: gated
steps:
  - { name: Work, agent: devon, action: code.implement, gates: ${gates}${more} }
`;

export const LCOV = (hits: number): string => `SF:a.js\\nDA:1,1\\nDA:2,${hits}\\nend_of_record\\n`;
export const coverage = (command: string, more = ''): string =>
  `coverage: { command: ${JSON.stringify(command)}${more} }`;
