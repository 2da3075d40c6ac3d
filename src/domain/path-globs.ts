import picomatch from 'picomatch';

// Without `s` a line break in a name would be something that `**` does not match.
const OPTIONS = { dot: true, flags: 's' } as const;

/**
 * Whether paths are what a glob names, written as in `.gitignore`: one without a slash names files and folders anywhere,
 * one with a slash is seen from the root, and what lies in a folder that it names is named too.
 */
export function pathMatcher(glob: string): (path: string) => boolean {
  const { pattern, isAnchored } = parse(glob);
  const matches = picomatch(pattern, OPTIONS);
  return (path) => prefixes(path).some((prefix) => matches(isAnchored ? prefix : nameOf(prefix)));
}

/**
 * As `pathMatcher`, for what must not slip through: paths that a file system somewhere takes for the same are the same
 * (upper and lower case, composed and look-alike characters, invisible ones, dots and blanks at a name's end).
 */
export function wideMatcher(glob: string): (path: string) => boolean {
  const matches = pathMatcher(foldCase(glob));
  return (path) => matches(foldPath(path));
}

/** Whether what the glob names may lie below the path, so that who puts a link there puts it in the place of all that. */
export function mayLieBelow(glob: string): (path: string) => boolean {
  const { pattern, isAnchored } = parse(foldCase(glob));
  const { base } = picomatch.scan(pattern);
  return (path) => {
    const folded = foldPath(path);
    return isAnchored && (base === folded || base.startsWith(`${folded}/`));
  };
}

function parse(glob: string): { readonly pattern: string; readonly isAnchored: boolean } {
  const pattern = glob.replace(/\/+$/, '');
  return { pattern: pattern.replace(/^\//, ''), isAnchored: pattern.includes('/') };
}

/** `a`, `a/b`, `a/b/c` of `a/b/c`. */
function prefixes(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** One text for all that differ only by case or by how Unicode writes them; what is invisible is left out. */
const foldCase = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC');

const foldPath = (path: string): string =>
  foldCase(path)
    .replaceAll('\\', '/')
    .replace(/(?<=[^/. ])[. ]+(?=\/|$)/g, '');
