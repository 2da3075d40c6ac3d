import { checkSchema } from '../../src/activities/attempt/check-schema.js';
import { findHarness } from '../../src/agents/find-harness.js';
import type { AgentContext, AgentRequest } from '../../src/agents/harness.js';
import { BUILT_IN_AGENTS } from '../../src/domain/catalogue.js';
import type { Compliance } from '../../src/domain/compliance.js';
import type { JsonObject } from '../../src/domain/json.js';
import { readAgentFile } from '../../src/local/agent-file.js';
import { builtInAgentFile } from '../../src/local/built-in-agents.js';
import { agentDefinition } from '../../src/schema/agent.js';

const read = async (name: string) => agentDefinition.parse((await readAgentFile(builtInAgentFile(name)))[0]);

describe.each(BUILT_IN_AGENTS.map((agent) => [agent.name, agent] as const))('%s', (name, known) => {
  it('is what the catalogue says', async () => {
    const { riskLevel, capabilities } = await read(name);
    expect({ name, riskLevel, capabilities: capabilities.map((capability) => capability.name) }).toEqual({
      name,
      riskLevel: known.riskLevel,
      capabilities: known.capabilities,
    });
  });
});

describe('security-assessor', () => {
  const evaluate = async (...severities: readonly string[]) => {
    const { adapter, entry, capabilities } = await read('security-assessor');
    const params = { vulnerabilities: severities.map((severity) => ({ severity })) };
    checkSchema(capabilities[0]!.inputSchema, params, 'the input', 'input-invalid');
    const context = { signal: new AbortController().signal, log: () => undefined } as unknown as AgentContext;
    const request = { action: 'evaluateRisk', params } as unknown as AgentRequest;
    const outcome = await findHarness(adapter).run(entry, request, context);
    if (outcome.kind !== 'answered') throw new Error(outcome.kind);
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

describe('compliance-checker', () => {
  const FACTS = {
    repository: { name: 'demo', defaultBranch: 'main', protected: true },
    files: {
      licence: 'LICENSE',
      securityPolicy: 'SECURITY.md',
      owners: 'CODEOWNERS',
      privacyNotice: 'PRIVACY.md',
      dataInventory: 'docs/data-inventory.md',
      incidentPlan: 'docs/incident-response.md',
      changelog: null,
      continuousIntegration: [],
      tests: 3,
      lockFile: 'package-lock.json',
      manifest: 'package.json',
    },
    secrets: { files: [], ignored: true },
    encryption: { unverified: [], plain: [], weak: [] },
    logging: { known: true, library: 'pino', sensitive: [] },
    dependencies: { known: true, count: 2, copyleft: [], unknown: [] },
    review: { days: 90, merges: 2, unapproved: [] },
    scans: { days: 31, recent: 4 },
    audit: { entries: 12, retentionDays: 2190 },
    agents: { sandboxed: true },
  };
  const check = async (action: string, params: JsonObject, facts: JsonObject) => {
    const { adapter, entry, capabilities } = await read('compliance-checker');
    const own = capabilities.find(({ name }) => name === action)!;
    checkSchema(own.inputSchema, params, 'the input', 'input-invalid');
    const signal = new AbortController().signal;
    const context = { signal, log: () => undefined, facts: () => Promise.resolve(facts) } as unknown as AgentContext;
    const outcome = await findHarness(adapter).run(entry, { action, params } as unknown as AgentRequest, context);
    if (outcome.kind === 'asked' || outcome.kind === 'limited') throw new Error(outcome.kind);
    if (outcome.kind === 'failed') return outcome;
    checkSchema(own.outputSchema, outcome.answer.output, 'the output', 'output-invalid');
    return outcome.answer.output as unknown as Compliance & { readonly repository: string };
  };
  const broken = async (action: string, params: JsonObject, facts: JsonObject): Promise<string[]> => {
    const said = await check(action, params, facts);
    if (!('violations' in said)) throw new Error(said.message);
    return said.violations.map(({ rule }) => rule);
  };

  it('finds nothing where all is well', async () => {
    expect(await check('auditProject', {}, FACTS)).toMatchObject({
      repository: 'demo',
      compliant: true,
      score: 100,
      violations: [],
      standards: [{ standard: 'SOC2' }, { standard: 'GDPR' }, { standard: 'HIPAA' }],
    });
  });

  it.each<[string, JsonObject, readonly string[]]>([
    [
      'files',
      { securityPolicy: null, incidentPlan: null },
      ['soc2-security-policy', 'gdpr-breaches', 'hipaa-incidents'],
    ],
    ['files', { licence: null }, ['soc2-licence']],
    ['files', { owners: null }, ['soc2-owners']],
    ['files', { privacyNotice: null }, ['gdpr-privacy-notice']],
    ['files', { dataInventory: null }, ['gdpr-records']],
    ['files', { tests: 0 }, ['soc2-tests']],
    ['files', { lockFile: null }, ['soc2-locked-dependencies', 'gdpr-processors', 'hipaa-malicious-software']],
    ['files', { lockFile: null, manifest: null }, []],
    ['secrets', { files: ['.env'] }, ['soc2-secret-files', 'gdpr-secret-files', 'hipaa-passwords']],
    ['secrets', { ignored: false }, ['soc2-secret-files-ignored']],
    ['encryption', { unverified: ['a.js:1'] }, ['soc2-unverified-peers', 'gdpr-verified-peers', 'hipaa-transmission']],
    ['encryption', { plain: ['a.yml:1'] }, ['hipaa-transmission-encryption', 'soc2-plain-connections']],
    ['encryption', { weak: ['a.js:1'] }, ['gdpr-strong-encryption', 'hipaa-encryption']],
    ['logging', { library: null }, ['soc2-structured-logs', 'hipaa-audit-controls']],
    ['logging', { library: null, known: false }, []],
    ['logging', { sensitive: ['a.js:1'] }, ['gdpr-no-personal-data-in-logs', 'hipaa-no-health-data-in-logs']],
    ['dependencies', { copyleft: ['x (GPL-3.0)'] }, ['soc2-dependency-licences']],
    ['dependencies', { unknown: ['x (no licence)'] }, ['soc2-dependency-licences']],
    ['dependencies', { unknown: ['x (no licence)'], known: false }, []],
    ['repository', { protected: false }, ['soc2-protected-branch', 'gdpr-protected-branch', 'hipaa-integrity']],
    ['review', { unapproved: ['pull request #3'] }, ['soc2-approved-merges', 'hipaa-authorised-changes']],
    ['scans', { recent: 0 }, ['hipaa-risk-analysis', 'soc2-recent-scans']],
    ['audit', { entries: 0 }, ['gdpr-accountability', 'hipaa-activity-review']],
    ['audit', { retentionDays: 30 }, ['soc2-audit-kept', 'hipaa-retention']],
    ['audit', { retentionDays: null }, ['gdpr-storage-limit']],
    ['agents', { sandboxed: false }, ['soc2-sandboxed-agents']],
  ])('of %s that are %j finds %j', async (part, facts, rules) => {
    const known = FACTS as unknown as Record<string, JsonObject>;
    expect(await broken('auditProject', {}, { ...known, [part]: { ...known[part], ...facts } })).toEqual(rules);
  });

  it('needs tests or scans to believe in the protection', async () => {
    const facts = { ...FACTS, files: { ...FACTS.files, tests: 0 }, scans: { days: 31, recent: 0 } };
    expect(await broken('checkPolicy', { policy: 'GDPR' }, facts)).toEqual(['gdpr-tested']);
  });

  it('judges by the standards that are asked for, and by no other', async () => {
    const facts = { ...FACTS, audit: { entries: 0, retentionDays: 30 } };
    expect(await broken('auditProject', { rules: ['HIPAA'] }, facts)).toEqual([
      'hipaa-activity-review',
      'hipaa-retention',
    ]);
    expect(await broken('checkPolicy', { policy: 'GDPR' }, facts)).toEqual(['gdpr-accountability']);
    expect(await check('checkPolicy', { policy: 'PCI' }, facts)).toMatchObject({
      kind: 'failed',
      code: 'standard-unknown',
      message: 'The agent has no rules of "PCI"; it has those of SOC2, GDPR, HIPAA.',
    });
  });

  it('says where it is, and tells each violation as a remedy', async () => {
    const facts = { ...FACTS, secrets: { files: ['.env', 'a.key'], ignored: true } };
    const said = await check('checkPolicy', { policy: 'SOC2' }, facts);
    expect(said).toMatchObject({
      compliant: false,
      score: 89,
      violations: [{ reference: 'CC6.1', severity: 'ERROR', location: '.env, a.key' }],
    });
  });
});
