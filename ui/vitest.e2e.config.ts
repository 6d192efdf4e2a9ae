import { defineConfig } from 'vitest/config';

/** End-to-end tests of a running server: `ECLUSE_URL=… ECLUSE_SIGN_IN_LINK=… npm run e2e`. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.spec.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 120_000,
    globalSetup: ['e2e/support/signIn.ts'],
    reporters: ['default', './e2e/support/closingLine.ts'],
  },
});
