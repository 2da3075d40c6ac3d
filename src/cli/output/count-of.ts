/** A number with its word: `1 finding`, `2 findings`. */
export const countOf = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
