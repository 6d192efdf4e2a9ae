import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    listeners.forEach((tell) => tell());
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time, rounded down to `step` milliseconds: whoever shows it renders again once a step, by one timer for all. */
export function useNow(step: number): number {
  return useSyncExternalStore(subscribe, () => Math.floor((timer === undefined ? (now = Date.now()) : now) / step) * step);
}
