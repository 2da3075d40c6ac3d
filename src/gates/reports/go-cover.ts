import { BatonError } from '../../domain/errors.js';
import type { LineCoverage } from '../../domain/patch-coverage.js';

const BLOCK = /^(.+:\d+\.\d+,\d+\.\d+) (\d{1,9}) (\d{1,15})$/;

/**
 * A profile of `go test -coverprofile`. It counts statements, which stand for lines here. A block that several packages'
 * tests report is covered where one of them covers it.
 *
 * @throws BatonError `report-invalid`.
 */
export function parseGoCover(text: string): LineCoverage {
  const blocks = new Map<string, { statements: number; isCovered: boolean }>();
  for (const line of text.split('\n').slice(1)) {
    if (line.trim() === '') continue;
    const [, place, statements, count] = BLOCK.exec(line.trim()) ?? [];
    if (place === undefined) throw new BatonError('report-invalid', 'is no coverage profile of Go');
    const isCovered = Number(count) > 0 || (blocks.get(place)?.isCovered ?? false);
    blocks.set(place, { statements: Number(statements), isCovered });
  }
  const total = [...blocks.values()].reduce((sum, { statements }) => sum + statements, 0);
  const covered = [...blocks.values()].reduce((sum, block) => sum + (block.isCovered ? block.statements : 0), 0);
  return { covered, total };
}
