import type { MissingForRuns } from '../../schema/api/missing-for-runs.js';
import type { Style } from './style.js';
import { plain } from './style.js';

/** What started runs lack, one line each. */
export const missingLines = (missing: MissingForRuns, style: Style): string[] =>
  missing.map(({ pipeline, severity, message }) => `${style.status(severity)} ${plain(`${pipeline}: ${message}`)}`);
