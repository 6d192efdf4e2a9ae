/** Where things go in a chart, so that nothing is cut off at any width. Sizes are pixels. */

/** Widths of text in a proportional font of 12 px, a little more than they are: capitals and digits are wider. */
export function textWidth(text: string, size = 12): number {
  let width = 0;
  for (const character of text) width += /[A-ZÀ-ÝMmWw%@]/.test(character) ? 0.74 : /[iljtfrI.,:;' |]/.test(character) ? 0.36 : 0.58;
  return width * size;
}

const ROW = 22;
const MARK = 14 + 5;
const GAP = 10;

/** The rows that a legend breaks into: one that is paged hides what it names. */
export function legendHeight(names: string[], width: number): number {
  let rows = 1;
  let used = 0;
  for (const name of names) {
    const wanted = Math.min(MARK + textWidth(name) + GAP, width);
    if (used > 0 && used + wanted > width) {
      rows += 1;
      used = 0;
    }
    used += wanted;
  }
  return rows * ROW;
}

/** Words of a name over lines of at most so many pixels. */
export function linesOf(name: string, width: number, size = 11): number {
  let lines = 1;
  let used = 0;
  for (const word of name.split(/[ -]/)) {
    const wanted = textWidth(`${word} `, size);
    if (used > 0 && used + wanted > width) {
      lines += 1;
      used = 0;
    }
    lines += Math.floor(wanted / (width + 1));
    used += wanted;
  }
  return lines;
}

/** The width of the longest name, up to the most there is for it. */
export function widest(names: string[], most: number, size = 11): number {
  return Math.min(most, Math.ceil(Math.max(0, ...names.map((name) => textWidth(name, size))) + 4));
}
