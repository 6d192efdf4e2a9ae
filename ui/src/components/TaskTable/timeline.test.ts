import { expect, test } from 'vitest';
import { barOf, spanOf } from './timeline';

const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 3, 0, second)).toISOString();

test('the span of a run that goes on ends now', () => {
  const span = spanOf({ started_at: at(0), created_at: at(0), ended_at: null, tasks: [] }, Date.parse(at(30)));
  expect(span.to - span.from).toBe(30_000);
});

test('a bar stands where its task ran', () => {
  const span = { from: Date.parse(at(0)), to: Date.parse(at(10)) };
  expect(barOf({ started_at: at(2), ended_at: at(7) }, span, 0)).toEqual({ left: 20, width: 50 });
});

test('the shortest task can be seen, and nothing leaves the track', () => {
  const span = { from: Date.parse(at(0)), to: Date.parse(at(10)) };
  const bar = barOf({ started_at: at(10), ended_at: at(10) }, span, 0);
  expect(bar?.width).toBeGreaterThan(0.5);
  expect((bar?.left ?? 0) + (bar?.width ?? 0)).toBeLessThanOrEqual(100);
});

test('a task that has not begun has no bar', () => {
  expect(barOf({ started_at: null, ended_at: null }, { from: 0, to: 1 }, 0)).toBeNull();
});
