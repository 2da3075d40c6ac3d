import type { JsonObject } from '../../domain/json.js';
import { generateReport } from '../actions/generate-report.js';
import { asAction, type Service } from './service.js';

/** Writes a report; `path` is what a mail attaches. */
export const writeReport: Service = async (deps, call) => {
  const asked = asAction('report.generate', call, { violations: 'findings', vulnerabilities: 'findings' });
  const { output } = await generateReport(deps, asked);
  const report = output as JsonObject;
  return { ...report, path: report['artifact']! };
};
