import { BatonError } from '../../domain/errors.js';
import type { TestResult } from '../../domain/test-result.js';
import { collectTests, MAX_TESTS } from './collect-tests.js';
import { printedLines } from './printed-lines.js';
import { readDiagnostics, type Diagnostics } from './tap-diagnostics.js';

/** Deeper than anybody nests tests: such points are passed over. */
const MAX_INDENTATION = 200;
const MAX_NAME_CHARACTERS = 500;

const POINT = /^( *)(not )?ok\b(?: +\d+)?(?: +-)? *(.*)$/;
const DIRECTIVE = /(?:^| )# *(?:SKIP|TODO)\b.*$/i;

/** A test point; those of its subtests come before it. */
interface Point {
  readonly indentation: number;
  /** With the names of the points above it, as far as they have come. */
  name: string;
  readonly verdict: TestResult['verdict'];
  readonly isTest: boolean;
  readonly diagnostics: Diagnostics;
}

/**
 * The tests of a TAP stream, version 13 or 14 (testanything.org), with subtests; other lines between are passed over. A
 * point with subtests is a test of its own only where it failed and none of them did.
 *
 * @throws BatonError `report-invalid` where there are too many.
 */
export function parseTap(printed: string): TestResult[] {
  const points: Point[] = [];
  const lines = printedLines(printed);
  for (let at = 0; at < lines.length; at += 1) {
    const [, { length: indentation } = '', not, said] = POINT.exec(lines[at]!) ?? [];
    if (said === undefined || indentation > MAX_INDENTATION) continue;
    const { diagnostics, next } = readDiagnostics(lines, at + 1);
    at = next - 1;
    if (points.length > 2 * MAX_TESTS) throw new BatonError('report-invalid', `names more than ${MAX_TESTS} tests`);
    const verdict = DIRECTIVE.test(said) ? 'skip' : not === undefined ? 'pass' : 'fail';
    const name = said.replace(DIRECTIVE, '').replaceAll('\\#', '#').trim();
    const below = subtests(points, indentation);
    for (const point of below) point.name = `${name} > ${point.name}`.slice(0, MAX_NAME_CHARACTERS);
    const failedItself = verdict === 'fail' && !below.some((point) => point.verdict === 'fail');
    const isTest = below.length === 0 ? diagnostics.type !== 'suite' : failedItself;
    points.push({ indentation, name, verdict, isTest, diagnostics });
  }
  const { tests, add } = collectTests();
  for (const point of points) if (point.isTest) add(resultOf(point));
  return tests;
}

/** The points that have come since the last one that is not below. */
function subtests(points: readonly Point[], indentation: number): readonly Point[] {
  const last = points.findLastIndex((point) => point.indentation <= indentation);
  return points.slice(last + 1);
}

function resultOf({ name, verdict, diagnostics: { durationMs, error, location } }: Point): TestResult {
  const [, file, line] = /^(.*?):(\d+)(?::\d+)?$/.exec(location ?? '') ?? [];
  return {
    name,
    verdict,
    durationMs,
    message: verdict === 'fail' ? (error ?? '') : null,
    file: file ?? null,
    line: line === undefined ? null : Number(line),
  };
}
