import { blocks, HUNG, SCAN_KINDS, type Finding, type GateResult, type Severity } from './gate.js';
import { lastLines } from './output-lines.js';

/** Why an attempt did not do what the step asks for; it goes back to the agent with the next attempt. */
export interface AttemptFailure {
  readonly code: string;
  readonly message: string;
  /** Gates that failed, with command, exit code and the end of their output. */
  readonly gates: readonly GateResult[];
  readonly findings: readonly Finding[];
}

export type AttemptVerdict =
  | { readonly kind: 'done' }
  /** The agent may mend it. */
  | { readonly kind: 'again'; readonly failure: AttemptFailure }
  /** Another attempt of the agent would not help. */
  | { readonly kind: 'failed'; readonly failure: AttemptFailure };

/** What the gates on an attempt's commit decide. The agent's own word and its exit code decide nothing. */
export function judgeGates(results: readonly GateResult[], { asks = false } = {}): AttemptVerdict {
  // Where people can go on without a gate that is not set up, the agent first corrects what failed.
  const failsFirst = asks && results.some(({ verdict }) => verdict === 'fail');
  const unclear = results.find((result) => result.verdict === 'inconclusive' && !(failsFirst && isNotSetUp(result)));
  if (unclear?.verdict === 'inconclusive') {
    const message = `gate ${unclear.gate} is inconclusive on ${unclear.commit.slice(0, 10)}: ${unclear.summary.replace(/\.$/, '')}. ${unclear.mend}${withLines(unclear.command === null ? '' : lastLines(unclear.tail, LINES))}`;
    return { kind: 'failed', failure: { code: 'gate-inconclusive', message, gates: results, findings: [] } };
  }
  const failed = results.filter((result) => result.verdict === 'fail');
  if (failed.length === 0) return { kind: 'done' };
  const said = failed.map((result) => ({ result, lines: unreadLines(result) }));
  const message = said
    .map(({ result: { gate, commit, summary }, lines }) => {
      const end = lines === '' ? '' : `.${withLines(lines)}`;
      return `gate ${gate} failed on ${commit.slice(0, 10)}: ${summary}${end}`;
    })
    .join(said.some(({ lines }) => lines !== '') ? '\n' : '; ');
  const code = failed.some(({ hung }) => hung) ? HUNG : 'gate-failed';
  return { kind: 'again', failure: { code, message, gates: failed, findings: [] } };
}

/** The gates that people may go on without: all that did not pass, where the repository has a command for none of them. */
export function gatesNotSetUp(results: readonly GateResult[]): readonly GateResult['gate'][] {
  const open = results.filter(({ verdict }) => verdict !== 'pass');
  return open.every(isNotSetUp) ? open.map(({ gate }) => gate) : [];
}

const isNotSetUp = ({ gate, verdict, command }: GateResult): boolean =>
  verdict === 'inconclusive' && command === null && !SCAN_KINDS.some((scan) => scan === gate);

const LINES = { lines: 8, characters: 600 };

const withLines = (lines: string): string => (lines === '' ? '' : ` Its last lines:\n${lines}`);

/** The last lines of a failed command in which Baton found nothing that it can name. */
const unreadLines = ({ gate, findings, tail }: GateResult): string =>
  findings.some(({ rule }) => rule !== gate && rule !== HUNG) ? '' : lastLines(tail, LINES);

/** What a review decides: findings at or above the threshold stop the run, with the findings as the reason. */
export function judgeFindings(findings: readonly Finding[], failOn: Severity | 'never'): AttemptVerdict {
  const blocking = findings.filter((finding) => blocks(finding, failOn));
  if (blocking.length === 0) return { kind: 'done' };
  const first = blocking[0]!;
  const place = first.file === null ? '' : ` in ${first.file}${first.line === null ? '' : `:${first.line}`}`;
  const more = blocking.length > 1 ? ` and ${blocking.length - 1} more` : '';
  const message = `the review found ${first.severity} ${first.rule}${place}: ${first.message}${more}`;
  return { kind: 'failed', failure: { code: 'review-blocked', message, gates: [], findings: blocking } };
}
