import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';

/** Whether the page is drawn for paper: light whatever the theme, and whole instead of in boxes that scroll. */
let printing = false;
let theme: string | null = null;
const tellers = new Set<() => void>();
const SCHEME = 'data-mantine-color-scheme';

function change(to: boolean) {
  if (printing === to) return;
  printing = to;
  const root = document.documentElement;
  if (to) {
    theme = root.getAttribute(SCHEME);
    root.setAttribute(SCHEME, 'light');
  } else if (theme !== null) {
    root.setAttribute(SCHEME, theme);
  }
  // The picture is taken right after: what depends on it must be drawn by then.
  flushSync(() => tellers.forEach((tell) => tell()));
}

/** Called once, when the app starts. */
export function watchPrinting() {
  window.addEventListener('beforeprint', () => change(true));
  window.addEventListener('afterprint', () => change(false));
  window.matchMedia('print').addEventListener('change', (media) => change(media.matches));
}

export function usePrinting(): boolean {
  return useSyncExternalStore(
    (tell) => {
      tellers.add(tell);
      return () => tellers.delete(tell);
    },
    () => printing,
  );
}
