import { Ajv2020 } from 'ajv/dist/2020.js';
import { BatonError } from '../domain/errors.js';
import type { JsonObject } from '../domain/json.js';

const ajv = new Ajv2020({ allErrors: true, strict: false });

/** Checks a value against a capability's JSON Schema; throws `code` with the JSON pointer of each fault. */
export function checkSchema(schema: JsonObject | null, value: unknown, what: string, code: string): void {
  if (schema === null) return;
  const validate = ajv.compile(schema);
  if (validate(value)) return;
  const faults = (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath === '' ? '/' : instancePath} ${message}${'additionalProperty' in params ? ` (${String(params['additionalProperty'])})` : ''}`);
  throw new BatonError(code, `${what} does not fit its schema: ${faults.join('; ')}`, { details: { faults } });
}
