/** A line of a `.gitattributes` file that sets a filter. */
export interface FilteredPath {
  readonly pattern: string;
  /** The name of the driver, such as `lfs`. */
  readonly filter: string;
}

const LINE = /^\s*(?<pattern>"(?:[^"\\]|\\.)*"|\S+)\s(?<attributes>.*)$/;

/** Reads the filters of lines of `.gitattributes` (gitattributes(5)); a macro (`[attr]name filter=…`) counts as well. */
export function parseFilters(text: string): FilteredPath[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const { pattern = '', attributes = '' } = LINE.exec(line)?.groups ?? {};
    if (pattern.startsWith('#')) return [];
    return attributes
      .split(/\s+/)
      .filter((attribute) => attribute.startsWith('filter=') && attribute !== 'filter=')
      .map((attribute) => ({ pattern, filter: attribute.slice('filter='.length) }));
  });
}
