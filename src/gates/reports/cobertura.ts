import type { LineCoverage } from '../../domain/patch-coverage.js';
import { readXml } from './read-xml.js';

/**
 * Lines covered in a Cobertura report (coverage-04.dtd), a line counted once however often it is reported: each stands
 * below its method and below its class.
 *
 * @throws BatonError `report-invalid`.
 */
export async function parseCobertura(xml: string): Promise<LineCoverage> {
  const hits = new Map<string, boolean>();
  const files: string[] = [];
  await readXml(xml, {
    open: (name, attributes) => {
      if (name === 'class') files.push(attributes['filename'] ?? '');
      if (name !== 'line' || files.length === 0) return;
      const key = `${files.at(-1)!}\0${attributes['number'] ?? ''}`;
      hits.set(key, (hits.get(key) ?? false) || Number(attributes['hits'] ?? 0) > 0);
    },
    close: (name) => {
      if (name === 'class') files.pop();
    },
    text: () => undefined,
  });
  return { covered: [...hits.values()].filter(Boolean).length, total: hits.size };
}
