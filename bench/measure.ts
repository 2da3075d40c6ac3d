/** One row of a benchmark's table, and of its JSON file. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The bare thing below us, in the same run; null where there is none. */
  readonly bare: number | null;
  /** value / bare. */
  readonly ratio: number | null;
  readonly aim: string;
  readonly met: boolean;
}

export function compare(
  name: string,
  unit: string,
  value: number,
  bare: number,
  aim: { readonly text: string; readonly holds: (ratio: number, value: number) => boolean },
): Measurement {
  const ratio = value / bare;
  return { name, value, unit, bare, ratio, aim: aim.text, met: aim.holds(ratio, value) };
}

export const absolute = (
  name: string,
  unit: string,
  value: number,
  aim: { readonly text: string; readonly holds: (value: number) => boolean },
): Measurement => ({
  name,
  value,
  unit,
  bare: null,
  ratio: null,
  aim: aim.text,
  met: aim.holds(value),
});

/** The value below which `share` (0–1) of the sorted values lie, by nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** A Markdown table, as it stands in docs/benchmarks.md. */
export function table(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ name, value, unit, bare, ratio, aim, met }) => [
    name,
    `${round(value)} ${unit}`,
    bare === null ? '–' : `${round(bare)} ${unit}`,
    ratio === null ? '–' : round(ratio),
    aim,
    met ? 'yes' : '**no**',
  ]);
  const head = ['what', 'Baton', 'bare', 'ratio', 'aim', 'met'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
