import type { LogLine } from '../../api/types';

/** The indices of the lines that hold the text, whatever its case; none for an empty text. */
export function matchesOf(lines: LogLine[], text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return lines.flatMap((line, i) => (line.text.toLowerCase().includes(wanted) ? [i] : []));
}

/** A line's text cut at each place where the searched text stands: odd parts are the found ones. */
export function partsOf(text: string, searched: string): string[] {
  const wanted = searched.trim().toLowerCase();
  if (wanted === '') return [text];
  const lower = text.toLowerCase();
  // Lower case can be longer than the original ("İ"); then offsets would not fit, and nothing is marked.
  if (lower.length !== text.length) return [text];
  const parts: string[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), text.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  parts.push(text.slice(from));
  return parts;
}
