import { record } from './activities.js';

/** Once a day, by a Schedule: takes out what the audit trail has kept long enough. Returns how many entries went. */
export const expireAudit = (olderThanDays: number): Promise<number> => record.expireAudit({ olderThanDays });
