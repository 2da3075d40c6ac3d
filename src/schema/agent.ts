import { z } from 'zod';

/** A JSON Schema, 2020-12; checked by the validator that uses it. */
const jsonSchema = z.record(z.string(), z.json());

const capability = z.strictObject({
  name: z.string().min(1).max(100),
  description: z.string().max(2_000).default(''),
  inputSchema: jsonSchema.nullable().default(null),
  outputSchema: jsonSchema.nullable().default(null),
});

/** An agent as it is registered (R1.3). */
export const agentDefinition = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is lower case letters, digits and hyphens, at most 40'),
  type: z.enum(['claude', 'codex', 'copilot', 'cursor', 'gemini', 'opencode', 'custom']),
  kind: z.enum(['LLM', 'RULE', 'API', 'SCRIPT']),
  adapter: z.enum(['playbook', 'command']),
  roles: z.array(z.string().min(1).max(60)).max(20),
  description: z.string().max(2_000).default(''),
  version: z.string().max(40).default('1'),
  riskLevel: z.enum(['AUTO', 'APPROVAL_REQUIRED']),
  capabilities: z.array(capability).max(50),
  entry: z.record(z.string(), z.json()),
  limits: z.record(z.string(), z.json()).default({}),
});
export type AgentDefinition = z.infer<typeof agentDefinition>;
