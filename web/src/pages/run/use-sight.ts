import { useLayoutEffect, useState, type RefObject } from 'react';

/** A part of a picture, in its own units. */
export interface Sight {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const ALL: Sight = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
const NOTHING: Sight = { left: 0, top: 0, right: 0, bottom: 0 };

/**
 * What of a scrolled picture has to be drawn: what is in its frame, and as much again on each side, so that it is there
 * when somebody scrolls or tabs to it. Told anew each half frame.
 */
export function useSight(frame: RefObject<HTMLElement | null>, zoom: number, isLarge: boolean): Sight {
  const [sight, setSight] = useState(NOTHING);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!isLarge || !element) return;
    const look = () => {
      const { scrollLeft, scrollTop, clientWidth, clientHeight } = element;
      const [left, right] = around(scrollLeft, clientWidth, zoom);
      const [top, bottom] = around(scrollTop, clientHeight, zoom);
      setSight((before) =>
        before.left === left && before.right === right && before.top === top && before.bottom === bottom
          ? before
          : { left, top, right, bottom },
      );
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [frame, zoom, isLarge]);
  return isLarge ? sight : ALL;
}

function around(scrolled: number, length: number, zoom: number): readonly [number, number] {
  const half = Math.max(1, length / 2);
  const from = Math.floor(scrolled / half) * half;
  return [(from - length) / zoom, (from + half + 2 * length) / zoom];
}
