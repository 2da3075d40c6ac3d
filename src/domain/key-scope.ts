/** What a key can be limited to. `events:write` sends events of other systems. */
export const KEY_SCOPES = ['events:write'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];
