import picomatch from 'picomatch';
import type { Json, JsonObject } from './json.js';
import { isSameLabel } from './label.js';
import { matchesSubject } from './outside-event.js';
import type { Trigger } from './plan.js';

/** What a trigger looks at. */
export interface TriggerEvent {
  readonly type: string;
  readonly payload: JsonObject;
}

/** The events that can start a pipeline. */
export const STARTING_EVENTS = ['issue.labeled', 'repo.push', 'repo.pr.opened'] as const;

/**
 * Whether an event starts a pipeline with this trigger. A push starts one only on the default branch, or on those that
 * its filter names; a branch that is gone starts nothing.
 */
export function startsOn(trigger: Trigger, { type, payload }: TriggerEvent): boolean {
  if (trigger.kind === 'label')
    return type === 'issue.labeled' && textsOf(payload['label']).some((label) => isSameLabel(label, trigger.label));
  if (trigger.kind !== 'event' || !matchesSubject(trigger.type, type)) return false;
  if (type === 'repo.push') {
    if (payload['after'] === null) return false;
    if (!('branch' in trigger.filters) && payload['branch'] !== payload['defaultBranch']) return false;
  }
  const isOwn = type === 'repo.pr.opened' && typeof payload['run'] === 'number';
  if (isOwn && trigger.ownPullRequests === false) return false;
  return Object.entries(trigger.filters).every(([field, globs]) =>
    passes(valueAt(payload, field), globs, { ignoreCase: LABEL_FIELDS.includes(field) }),
  );
}

const LABEL_FIELDS: readonly string[] = ['label', 'labels'];

/** One value that a glob lets through and none that begins with `!` keeps out is enough. */
function passes(value: Json | undefined, globs: readonly string[], options: MatchOptions): boolean {
  const [positive, negative] = [globs.filter((glob) => !isNegated(glob)), globs.filter(isNegated)];
  const wanted = positive.map((glob) => matcher(glob, options));
  const unwanted = negative.map((glob) => matcher(glob.slice(1), options));
  return textsOf(value).some(
    (text) =>
      (wanted.length === 0 || wanted.some((matches) => matches(text))) && !unwanted.some((matches) => matches(text)),
  );
}

const isNegated = (glob: string): boolean => glob.startsWith('!') && !glob.startsWith('!(');

interface MatchOptions {
  readonly ignoreCase: boolean;
}

function matcher(glob: string, { ignoreCase }: MatchOptions): (text: string) => boolean {
  const matches = picomatch(glob, { dot: true, nocase: ignoreCase });
  return (text) => text === glob || (ignoreCase && isSameLabel(text, glob)) || matches(text);
}

const textsOf = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? (value as readonly Json[]) : [value])
    .filter((one) => ['string', 'number', 'boolean'].includes(typeof one))
    .map(String);

/** `label`, or a field of a field: `pullRequest.base`. */
const valueAt = (payload: JsonObject, field: string): Json | undefined =>
  field
    .split('.')
    .reduce<Json | undefined>(
      (value, key) =>
        typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
          ? (value as JsonObject)[key]
          : undefined,
      payload,
    );
