import type { CodingProgram } from '../coding/coding-program.js';
import { codingHarnessBy } from '../coding/run-coding-program.js';
import { acpEntry, type AcpEntry } from '../../schema/acp-entry.js';
import { AcpReader } from '../acp/acp-reader.js';

/** Any program that speaks the Agent Client Protocol, version 1, on its input and output (agentclientprotocol.com). */
export const acp = codingHarnessBy('acp', acpEntry, acpProgram);

/** The program that an entry describes. */
export function acpProgram({ command, args, env, provider, authMethod, sessionPaths }: AcpEntry): CodingProgram {
  return {
    name: 'acp',
    title: command,
    command,
    install: "put it on the worker's PATH",
    testedVersion: 'protocol 1',
    abilities: { resume: sessionPaths.length > 0, usage: true, cost: true, approvals: true, mcp: true },
    provider: provider ?? command,
    keys: [],
    hosts: [],
    sessionPaths: () => sessionPaths,
    launch: () => ({ argv: args, env }),
    reader: (launch) => new AcpReader(launch, authMethod),
  };
}
