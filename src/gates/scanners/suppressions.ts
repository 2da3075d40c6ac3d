import type { ScanFinding } from '../../domain/scan.js';
import { runTool, unclear } from './run-tool.js';
import type { Scanner } from './scanner.js';

/**
 * Comments that tell a scanner to look away, which it has no flag against: each is a finding itself, since whoever
 * writes the code would otherwise decide what is found in it.
 */
export const suppressions =
  (comment: string, of: string): Scanner =>
  async (context) => {
    const tool = `${of} comments`;
    const { ran, failed } = await runTool(
      {
        tool,
        argv: ['grep', '-rnIF', '--null', '--exclude-dir=.git', '--', comment, '.'],
        needs: [],
        exitCodes: [0, 1],
      },
      context,
    );
    if (failed) return failed;
    const findings = ran.stdout.split('\n').flatMap((line) => readLine(line, comment, of));
    return ran.stdout.length > 0 && findings.length === 0
      ? unclear(tool, 'what grep says cannot be read', "See the step's log.")
      : { tool, findings, proof: `grep looked for ${comment}`, inconclusive: null };
  };

/** `./a.js\0` + `12:the line` */
function readLine(text: string, comment: string, of: string): ScanFinding[] {
  const { file, line } = /^\.\/(?<file>[^\0]+)\0(?<line>\d+):/.exec(text)?.groups ?? {};
  if (file === undefined) return [];
  return [
    {
      rule: `suppressed/${of}`,
      severity: 'high',
      message: `A comment (${comment}) tells ${of} to look away`,
      file,
      line: Number(line),
      fix: 'Take the comment out, and mend what it hides; the gate does not take its word.',
      anchor: null,
    },
  ];
}
