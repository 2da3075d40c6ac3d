import type { GraphLayout } from './graph-layout';

/** Smaller than this the names cannot be read: a wider graph is scrolled, at the size that reads well. */
const LEAST_READABLE = 0.75;
const READABLE = 0.9;
/** Smaller than this not even the colours can be told apart. */
const LEAST = 0.12;
const MAX_HEIGHT = 420;
/** Room for a horizontal scroll bar, so that none is needed in the other direction. */
const SCROLLBAR = 12;

export interface GraphFrame {
  readonly zoom: number;
  readonly height: number;
  /** Whether nothing has to be scrolled. */
  readonly fits: boolean;
}

/** How large a graph is drawn in a frame of some width: readable, or the whole of it. */
export function fitFrame(
  { width, height }: Pick<GraphLayout, 'width' | 'height'>,
  frame: number,
  whole: boolean,
): GraphFrame {
  const filling = frame === 0 ? 1 : Math.min(1, frame / width);
  const zoom = whole
    ? Math.max(LEAST, Math.min(filling, MAX_HEIGHT / height))
    : filling < LEAST_READABLE
      ? READABLE
      : filling;
  const fits = width * zoom <= frame + 1 && height * zoom <= MAX_HEIGHT + 1;
  return {
    zoom,
    height: Math.min(MAX_HEIGHT, Math.ceil(height * zoom)) + (width * zoom > frame + 1 ? SCROLLBAR : 0),
    fits,
  };
}
