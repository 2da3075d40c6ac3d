import type { Confinement } from '../../api/schemas';

const KIB = 1024;
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `512 MiB`, `4 GiB`: limits are round. */
export function formatSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= KIB && unit < UNITS.length - 1) {
    size /= KIB;
    unit += 1;
  }
  return `${Number.isInteger(size) ? size : size.toFixed(1)} ${UNITS[unit]}`;
}

export function tellNetwork({ network, tools }: Pick<Confinement, 'network' | 'tools'>): string {
  const toBaton = tools ? ['Baton’s tools'] : [];
  if (network === 'host') return 'the host’s';
  if (network === 'none' || network.length === 0) return toBaton[0] ? `only ${toBaton[0]}` : 'none';
  return ['only ' + network.join(', '), ...toBaton].join(', ');
}
