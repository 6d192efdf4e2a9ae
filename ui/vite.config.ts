import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  server: {
    port: 5173,
    proxy: { '/api': { target: process.env.ECLUSE_URL ?? 'http://127.0.0.1:8099', changeOrigin: false } },
  },
  build: {
    target: 'es2022',
    manifest: true,
    // The platform's content security policy allows no inline script, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  test: {
    // Tests that draw ask for jsdom in their first line; most need none, and it takes seconds to start.
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    restoreMocks: true,
  },
});
