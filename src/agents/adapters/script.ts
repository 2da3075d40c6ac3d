import { keepable } from '../../domain/keepable.js';
import { isJsonObject, type Json } from '../../domain/json.js';
import type { AgentAnswer } from '../../schema/agent-output.js';
import { scriptEntry } from '../../schema/agent-entry.js';
import { brokenOff } from '../broken-off.js';
import type { AgentOutcome, Harness } from '../harness.js';
import { refuseJson } from '../keepable-json.js';
import { Lines } from '../lines.js';
import { parseEntry } from '../parse-entry.js';
import { shippedProgram } from '../shipped-program.js';
import { withLimits } from '../with-limits.js';

const MIB = 1024 * 1024;
const MAX_OUTPUT_BYTES = MIB;

/** SCRIPT agents (R7.1): the step's parameters as JSON on stdin, one JSON object on stdout, nothing else. */
export const script: Harness = {
  async run(entry, request, context) {
    const { timeoutMs, memoryMib, sandbox, ...program } = parseEntry(scriptEntry, entry, 'script');
    const { argv, readOnly } = shippedProgram(program, context, { action: request.action });
    const limited = withLimits(withLimits(context, { memoryMib, timeoutMs }), sandbox);
    const errors = new Lines(context.log);
    const result = await context.execute(
      {
        argv,
        stdin: JSON.stringify(request.params),
        timeoutMs: limited.timeoutMs,
        signal: context.signal,
        maxOutputBytes: MAX_OUTPUT_BYTES,
        onOutput: (stream, chunk) => {
          if (stream === 'stderr') errors.push(chunk);
        },
      },
      { ...limited.policy, readOnly: [...(context.policy.readOnly ?? []), ...readOnly] },
    );
    errors.end();
    const broken = brokenOff(result, limited);
    if (broken) return { kind: 'failed', ...broken, usage: null };
    return result.stdoutCut ? failed(`is longer than ${MAX_OUTPUT_BYTES / MIB} MiB`) : readOutput(result.stdout);
  },
};

function readOutput(text: string): AgentOutcome {
  let output: Json;
  try {
    output = JSON.parse(text) as Json;
  } catch {
    return failed(`is not one JSON object: ${text.trim() === '' ? 'it is empty' : text.trim().slice(0, 120)}`);
  }
  if (!isJsonObject(output)) return failed('is JSON, but no object');
  const refused = refuseJson(output);
  if (refused !== null) return failed(refused);
  return {
    kind: 'answered',
    answer: { summary: '', findings: [], output: output as AgentAnswer['output'], session: null },
    usage: null,
  };
}

const failed = (what: string): AgentOutcome => ({
  kind: 'failed',
  code: 'agent-output-invalid',
  message: `What the script wrote to stdout ${keepable(what)}.`,
  retryable: true,
  usage: null,
});
