import { useSyncExternalStore } from 'react';

const TICK_MS = 1_000;

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();

/** One clock for the page; it stands still while nobody looks at it. */
function watch(onTick: () => void): () => void {
  watchers.add(onTick);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of watchers) tell();
  }, TICK_MS);
  now = Date.now();
  return () => {
    watchers.delete(onTick);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Now, in milliseconds, each second anew; `isLive` false: without the ticking. */
export const useNow = (isLive = true): number => useSyncExternalStore(isLive ? watch : noWatch, readNow);

const noWatch = () => () => undefined;
const readNow = () => now;
