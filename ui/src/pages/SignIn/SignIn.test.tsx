import { expect, test } from 'vitest';
import { codeOf } from './codeOf';

test('takes the code from a link, from its fragment or alone', () => {
  expect(codeOf('http://localhost:8080/sign-in#code=abc-123_X')).toBe('abc-123_X');
  expect(codeOf('#code=abc%2B1')).toBe('abc+1');
  expect(codeOf('  abc-123_X ')).toBe('abc-123_X');
});

test('takes nothing from what is no code', () => {
  expect(codeOf('')).toBeNull();
  expect(codeOf('#other=1')).toBeNull();
  expect(codeOf('two words')).toBeNull();
});
