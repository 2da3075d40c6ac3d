import type { LineCoverage } from '../../domain/patch-coverage.js';

/**
 * Lines covered in an lcov report, a line counted once however often a file is reported. The format is that of
 * geninfo(1): `SF:` begins a file, `DA:<line>,<hits>` is a line, `end_of_record` ends it.
 */
export function parseLcov(report: string): LineCoverage {
  const hits = new Map<string, boolean>();
  let file = '';
  for (const line of report.split(/\r?\n/)) {
    if (line.startsWith('SF:')) file = line.slice(3);
    const data = /^DA:(\d+),(\d+)/.exec(line);
    if (!data) continue;
    const key = `${file}\0${data[1]}`;
    hits.set(key, (hits.get(key) ?? false) || Number(data[2]) > 0);
  }
  return { covered: [...hits.values()].filter(Boolean).length, total: hits.size };
}
