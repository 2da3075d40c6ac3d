import type { JsonObject } from '../../domain/json.js';
import { generateReport } from '../actions/generate-report.js';
import { asAction, type PlainService } from './service.js';

/** Writes a report; `path`, and for a PDF `pdfPath`, are what a mail attaches. */
export const writeReport: PlainService = async (deps, call) => {
  const { title, template } = call.params;
  const params: JsonObject =
    title === undefined && typeof template === 'string' ? { ...call.params, title: titleOf(template) } : call.params;
  const names = { violations: 'findings', vulnerabilities: 'findings' };
  const asked = asAction('report.generate', { ...call, params }, names);
  const { output } = await generateReport(deps, asked);
  const report = output as JsonObject;
  const path = report['artifact']!;
  return { ...report, path, ...(params['format'] === 'pdf' && { pdfPath: path }) };
};

/** `compliance-report` as a title: `Compliance report`. */
function titleOf(template: string): string {
  const words = template
    .replace(/[-_\s]+/g, ' ')
    .trim()
    .slice(0, 200);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
