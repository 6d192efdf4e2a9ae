import { existsSync, writeFileSync } from 'node:fs';
import { request } from 'playwright-core';
import { server, sessionFile } from './browser';

/** Restarts the server under test: whoever runs a real one watches for the file ECLUSE_RESTART and removes it when done. */
export async function restartServer() {
  const signal = process.env.ECLUSE_RESTART;
  const api = await request.newContext({ baseURL: server, storageState: process.env.ECLUSE_E2E_SESSION ?? sessionFile, extraHTTPHeaders: { 'X-Ecluse-Request': '1' } });
  if (signal === undefined) {
    await api.post('/api/v1/fixture/restart');
  } else {
    writeFileSync(signal, '');
    for (let left = 600; existsSync(signal); left -= 1) {
      if (left === 0) throw new Error(`The server was not restarted: ${signal} is still there`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await api.dispose();
}
