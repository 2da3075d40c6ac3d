import { z } from 'zod';
import { BatonError } from '../domain/errors.js';

/** Systems that may send signed events. */
export interface EventSources {
  /** By name in lower case, as `X-Baton-Source` has it. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Id of the organisation that their events are for; null: the only one. */
  readonly organisation: string | null;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads from environment variables which systems may send signed events.
 * @throws BatonError `invalid-environment`; values of secrets are never repeated.
 */
export function parseEventSources(variables: Variables): EventSources {
  const organisation = variables['BATON_EVENTS_ORGANISATION'] ?? '';
  if (organisation !== '' && !z.uuid().safeParse(organisation).success)
    throw new BatonError(
      'invalid-environment',
      'The environment is not usable. BATON_EVENTS_ORGANISATION: use the id of an organisation.',
      { details: { variables: ['BATON_EVENTS_ORGANISATION'] } },
    );
  return { secrets: secretsBySource(variables), organisation: organisation === '' ? null : organisation };
}

const SOURCE_PREFIX = 'BATON_EVENT_SOURCE_';
const MIN_SECRET_LENGTH = 32;

/** `BATON_EVENT_SOURCE_CODE_GRAPH` is the secret of the source `code-graph`. */
function secretsBySource(variables: Variables): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, secret = ''] of Object.entries(variables)) {
    const source = name.startsWith(SOURCE_PREFIX) ? name.slice(SOURCE_PREFIX.length) : '';
    if (source === '' || secret === '') continue;
    // The value is never repeated.
    if (!/^[A-Z0-9_]+$/.test(source) || secret.length < MIN_SECRET_LENGTH)
      throw new BatonError(
        'invalid-environment',
        `The environment is not usable. ${name}: use upper-case letters, digits and _ in its name, and a secret of at least ${MIN_SECRET_LENGTH} characters.`,
        { details: { variables: [name] } },
      );
    found.set(source.toLowerCase().replaceAll('_', '-'), secret);
  }
  return found;
}
