import { afterEach, expect, test, vi } from 'vitest';
import { ApiError, get, path, post, UnreachableError } from './client';

afterEach(() => vi.unstubAllGlobals());

function answering(response: Response | Error) {
  const fetching = vi.fn<typeof fetch>(() => (response instanceof Error ? Promise.reject(response) : Promise.resolve(response)));
  vi.stubGlobal('fetch', fetching);
  return fetching;
}

test('escapes each segment of a path', () => {
  expect(path`/runs/${'a b/c'}/tasks/${'load_erp.é'}/x`).toBe('/runs/a%20b%2Fc/tasks/load_erp.%C3%A9/x');
});

test('sends the header that unsafe methods need, and only they', async () => {
  const fetching = answering(new Response('{}'));
  await post('/queries', { sql: 'select 1' });
  expect(fetching.mock.calls[0]?.[1]?.headers).toMatchObject({ 'X-Ecluse-Request': '1', 'Content-Type': 'application/json' });
  answering(new Response('{}'));
  const reading = answering(new Response('{}'));
  await get('/home');
  expect(reading.mock.calls[0]?.[1]?.headers).not.toHaveProperty('X-Ecluse-Request');
});

test('throws the error of the body with its code, place and hint', async () => {
  const body = { code: 'SQL_INVALID', number: 1005, message: 'no such table', line: 1, column: 8, hint: 'look' };
  answering(new Response(JSON.stringify({ error: body }), { status: 400 }));
  await expect(get('/x')).rejects.toMatchObject({ status: 400, body });
});

test('an answer that is no JSON of ours still has its status', async () => {
  answering(new Response('<html>', { status: 500 }));
  const failure = await get('/x').catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(ApiError);
  expect(failure).toMatchObject({ status: 500 });
});

test('no answer, or only that of a gateway, is an unreachable server', async () => {
  answering(new TypeError('Failed to fetch'));
  await expect(get('/x')).rejects.toBeInstanceOf(UnreachableError);
  answering(new Response('Bad gateway', { status: 502 }));
  await expect(get('/x')).rejects.toBeInstanceOf(UnreachableError);
});

test('an empty answer is nothing', async () => {
  answering(new Response(null, { status: 202 }));
  expect(await post('/runs/1/cancel')).toBeUndefined();
});
