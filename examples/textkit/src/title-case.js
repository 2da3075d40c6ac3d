const SMALL_WORDS = new Set(['a', 'an', 'and', 'at', 'but', 'by', 'for', 'in', 'of', 'on', 'or', 'the', 'to']);

/** Text as a title: words begin with a capital, but small ones in the middle. */
export function titleCase(text) {
  const words = text.split(' ');
  return words
    .map((word, index) => {
      const inside = index > 0 && index < words.length - 1;
      return inside && SMALL_WORDS.has(word) ? word : word.charAt(0).toUpperCase() + word.slice(1);
    })
    .join(' ');
}
