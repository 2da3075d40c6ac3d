/** JSON of any depth is a way to exhaust a stack: whatever reads it further on walks it by recursion. */
const MAX_DEPTH = 60;

/** Why a value that an agent gave cannot be kept, as the end of a sentence; null where it can. */
export function refuseJson(value: unknown): string | null {
  if (isDeeperThan(MAX_DEPTH, value)) return `is nested more than ${MAX_DEPTH} deep`;
  return isStorable(value) ? null : 'holds a NUL or half of a character';
}

const isDeeperThan = (depth: number, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth === 0 || Object.values(value).some((item) => isDeeperThan(depth - 1, item)));

/** What neither a text column nor JSON of the record can hold: U+0000 and surrogates without their other half. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item));
}
