import type { ErrorBody } from './types';

const BASE = '/api/v1';

/** The server answered, and its answer is that it did not work. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(body.message);
    this.name = 'ApiError';
    this.status = status;
    this.body = body;
  }
}

/** The server did not answer at all. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super('The server does not answer', { cause });
    this.name = 'UnreachableError';
  }
}

type Method = 'GET' | 'POST' | 'DELETE';

/** A path under /api/v1 whose segments are escaped: path`/runs/${id}/cancel`. */
export function path(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return parts.reduce((whole, part, i) => whole + encodeURIComponent(String(values[i - 1])) + part);
}

export function url(ofPath: string): string {
  return BASE + ofPath;
}

/** Sends and answers with the response if it is 2xx; throws ApiError, UnreachableError or AbortError. */
export async function send(method: Method, toPath: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url(toPath), {
      method,
      signal,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        // Proves to the server that this is no form of another site.
        ...(method === 'GET' ? {} : { 'X-Ecluse-Request': '1' }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (failure) {
    // Whoever asked does not want it any more. A deadline that passed is a server that does not answer.
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    throw new UnreachableError(failure);
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

export async function get<T>(fromPath: string, signal?: AbortSignal): Promise<T> {
  return (await (await send('GET', fromPath, undefined, signal)).json()) as T;
}

export async function post<T>(toPath: string, body?: unknown): Promise<T> {
  const response = await send('POST', toPath, body);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function errorOf(response: Response): Promise<Error> {
  const text = await response.text().catch(() => '');
  const gatewayIsAlone = response.status === 502 || response.status === 503 || response.status === 504;
  try {
    const { error } = JSON.parse(text) as { error: ErrorBody };
    if (typeof error.message === 'string') return new ApiError(response.status, error);
  } catch {
    // Not our JSON: a proxy's page, or nothing. The status is all there is.
  }
  if (gatewayIsAlone) return new UnreachableError(new Error(`HTTP ${response.status}`));
  return new ApiError(response.status, { code: 'HTTP', number: response.status, message: `HTTP ${response.status}` });
}
