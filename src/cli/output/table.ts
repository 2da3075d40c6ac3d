import { plain } from './style.js';

export interface Column<T> {
  readonly title: string;
  readonly of: (row: T) => string | number | null;
  readonly paint?: (text: string) => string;
  /** Longer text is cut. */
  readonly max?: number;
  readonly right?: boolean;
}

/** Rows in aligned columns, the last one as wide as it is. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string[] {
  const cells = rows.map((row) =>
    columns.map((column) => cut(plain(String(column.of(row) ?? '-')).replaceAll('\n', ' '), column.max)),
  );
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((row) => characters(row[at]!).length)),
  );
  const line = (texts: readonly string[], paint: boolean) =>
    columns
      .map((column, at) => {
        const text = texts[at]!;
        const space = ' '.repeat(
          at === columns.length - 1 && !column.right ? 0 : widths[at]! - characters(text).length,
        );
        const shown = paint && column.paint ? column.paint(text) : text;
        return column.right ? space + shown : shown + space;
      })
      .join('  ')
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      false,
    ),
    ...cells.map((row) => line(row, true)),
  ];
}

const cut = (text: string, max = Infinity): string =>
  characters(text).length > max
    ? `${characters(text)
        .slice(0, max - 1)
        .join('')}…`
    : text;

const segmenter = new Intl.Segmenter();

/** As people count them. */
const characters = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);
