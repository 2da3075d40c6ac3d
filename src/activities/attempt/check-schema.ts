import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { BatonError } from '../../domain/errors.js';
import type { JsonObject } from '../../domain/json.js';

/** Checks a value against a capability's JSON Schema; throws `code` with the JSON pointer of each fault, or `schema-invalid`. */
export function checkSchema(schema: JsonObject | null, value: unknown, what: string, code: string): void {
  if (schema === null) return;
  const validate = compile(schema, what);
  if (validate(value)) return;
  const faults = (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath === '' ? '/' : instancePath} ${message}${'additionalProperty' in params ? ` (${String(params['additionalProperty'])})` : ''}`,
  );
  throw new BatonError(code, `${what} does not fit its schema: ${faults.join('; ')}`, { details: { faults } });
}

/** By a validator of its own: a shared one refuses a second schema with the same `$id`, and keeps every schema that it saw. */
function compile(schema: JsonObject, what: string): ValidateFunction {
  try {
    return new Ajv2020({ allErrors: true, strict: false, logger: false }).compile(schema);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BatonError('schema-invalid', `${what} cannot be checked, the agent's schema is broken: ${why}`, {
      cause,
    });
  }
}
