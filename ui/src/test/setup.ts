import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

// jsdom has no layout and no media; Mantine and the virtual lists ask for both.
if (typeof window !== 'undefined' && typeof window.matchMedia !== 'function') Object.assign(window, { matchMedia: (query: string) =>
  ({ matches: false, media: query, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} }) as unknown as MediaQueryList });
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
if (typeof document !== 'undefined') afterEach(cleanup);
