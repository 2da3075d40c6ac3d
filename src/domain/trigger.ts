import type { JsonObject } from './json.js';
import type { Trigger } from './plan.js';

/** What a trigger looks at. */
export interface TriggerEvent {
  readonly type: string;
  readonly payload: JsonObject;
}

/** Whether an event starts a pipeline with this trigger. Event filters and schedules come with the events that feed them. */
export function startsOn(trigger: Trigger, event: TriggerEvent): boolean {
  return trigger.kind === 'label' && event.type === 'issue.labeled' && event.payload['label'] === trigger.label;
}
