import { createHash } from 'node:crypto';

/** What a key is known by in the record, which never has the key itself. */
export const fingerprintOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 12);
