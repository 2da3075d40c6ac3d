/** How long ago, or how long, for people: `5 s`, `3 min`, `2 h`, `4 d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return seconds < 36 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

export const ago = (iso: string): string => `${span(Date.now() - Date.parse(iso))} ago`;

/** From one instant to another, or to now. */
export const duration = (from: string | null, to: string | null): string | null =>
  from === null ? null : span((to === null ? Date.now() : Date.parse(to)) - Date.parse(from));

export const clock = (iso: string): string => new Date(iso).toTimeString().slice(0, 8);
