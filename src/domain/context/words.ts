/** As many as tell one file from another. */
const MAX_WORDS = 24;
const MIN_LENGTH = 4;

const COMMON = new Set(
  `about above after again against also another because been before being below between both cannot could does doing
done down during each else every first from further given gives have having here hers into issue itself just like made
make makes many more most much must need needs neither none nothing only other otherwise over same shall should since
some something still such take than that their them then there these they thing things this those through under until
upon used uses using very want wants were what when where whether which while will with within without would your
test tests file files code change changes works work`.split(/\s+/),
);

/**
 * The words by which what is wanted may be found in a repository: names of code first (`parseDate`, `src/date.ts`,
 * `max_age`), then the others by how often they are said, each once, in lower case.
 */
export function tellingWords(texts: readonly string[]): readonly string[] {
  const said = new Map<string, { count: number; isName: boolean }>();
  for (const text of texts)
    for (const [word] of text.matchAll(/[\p{L}\p{N}_$][\p{L}\p{N}_$./-]*[\p{L}\p{N}_$]/gu)) {
      const lower = word.toLowerCase();
      if (lower.length < MIN_LENGTH || COMMON.has(lower) || /^[\d.]+$/.test(lower)) continue;
      const known = said.get(lower) ?? { count: 0, isName: false };
      said.set(lower, { count: known.count + 1, isName: known.isName || isName(word) });
    }
  return [...said]
    .sort(([, a], [, b]) => Number(b.isName) - Number(a.isName) || b.count - a.count)
    .slice(0, MAX_WORDS)
    .map(([word]) => word);
}

/** Such as people write in code, and not in sentences. */
const isName = (word: string): boolean => /[a-z][A-Z]|_|\/|\.[a-z]/.test(word);
