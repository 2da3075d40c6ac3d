import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { checkSchema } from '../../src/activities/check-schema.js';
import { findHarness } from '../../src/agents/find-harness.js';
import type { AgentContext, AgentRequest } from '../../src/agents/harness.js';
import { BUILT_IN_AGENTS } from '../../src/domain/catalogue.js';
import { builtInAgentFile } from '../../src/local/built-in-agents.js';
import { agentDefinition } from '../../src/schema/agent.js';

const read = (name: string) => agentDefinition.parse(parse(readFileSync(builtInAgentFile(name), 'utf8')));
const shipped = BUILT_IN_AGENTS.filter((agent) => agent.shipped);

describe.each(shipped.map((agent) => [agent.name, agent] as const))('%s', (name, known) => {
  it('is what the catalogue says', () => {
    const { riskLevel, capabilities } = read(name);
    expect({ name, riskLevel, capabilities: capabilities.map((capability) => capability.name) }).toEqual({
      name,
      riskLevel: known.riskLevel,
      capabilities: known.capabilities,
    });
  });
});

describe('security-assessor', () => {
  const evaluate = async (...severities: readonly string[]) => {
    const { adapter, entry, capabilities } = read('security-assessor');
    const params = { vulnerabilities: severities.map((severity) => ({ severity })) };
    checkSchema(capabilities[0]!.inputSchema, params, 'the input', 'input-invalid');
    const context = { signal: new AbortController().signal, log: () => undefined } as unknown as AgentContext;
    const request = { action: 'evaluateRisk', params } as unknown as AgentRequest;
    const outcome = await findHarness(adapter).run(entry, request, context);
    if (outcome.kind === 'failed') throw new Error(outcome.message);
    checkSchema(capabilities[0]!.outputSchema, outcome.answer.output, 'the output', 'output-invalid');
    return outcome.answer.output;
  };

  it('weighs what was found', async () => {
    expect(await evaluate()).toEqual({
      riskLevel: 'none',
      riskScore: 0,
      summary: { critical: 0, high: 0, medium: 0, low: 0, total: 0 },
    });
    expect(await evaluate('low', 'high', 'medium', 'info')).toEqual({
      riskLevel: 'high',
      riskScore: 30,
      summary: { critical: 0, high: 1, medium: 1, low: 1, total: 4 },
    });
    expect(await evaluate('critical', 'critical', 'critical')).toMatchObject({ riskLevel: 'critical', riskScore: 100 });
  });

  it('refuses a severity that it does not know', async () => {
    await expect(evaluate('awful')).rejects.toMatchObject({ code: 'input-invalid' });
  });
});
