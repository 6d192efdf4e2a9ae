import { expect, test } from 'vitest';
import { readNdjson } from './ndjson';

function streamOf(...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
}

async function all(stream: ReadableStream<Uint8Array>) {
  const values: unknown[] = [];
  for await (const value of readNdjson(stream)) values.push(value);
  return values;
}

test('reads lines that are cut anywhere', async () => {
  expect(await all(streamOf('{"a":', '1}\n{"a"', ':2}\n', '{"a":3}\n'))).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
});

test('reads a last line without its newline and skips blank ones', async () => {
  expect(await all(streamOf('\n{"a":1}\r\n\n', '{"a":2}'))).toEqual([{ a: 1 }, { a: 2 }]);
});

test('reads a letter that is cut between its bytes', async () => {
  const bytes = new TextEncoder().encode('{"a":"é"}\n');
  expect(await all(streamOf(bytes.slice(0, 7), bytes.slice(7)))).toEqual([{ a: 'é' }]);
});

test('gives a value before the stream ends', async () => {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({ start: (given) => { controller = given; } });
  const values = readNdjson<{ a: number }>(stream);
  controller?.enqueue(new TextEncoder().encode('{"a":1}\n{"a'));
  expect((await values.next()).value).toEqual({ a: 1 });
  await values.return(undefined);
});

test('refuses a line that is no JSON', async () => {
  await expect(all(streamOf('<html>\n'))).rejects.toThrow(SyntaxError);
});
