/** The piece of text that an error points at: from its position to the end of the word there, at least one character. */
export function positionOf(text: string, error: { line?: number | null; column?: number | null }): { from: number; to: number } | null {
  if (!error.line) return null;
  const lines = text.split('\n');
  const line = lines[error.line - 1];
  if (line === undefined) return null;
  const start = lines.slice(0, error.line - 1).reduce((sum, before) => sum + before.length + 1, 0);
  const column = Math.max(0, Math.min((error.column ?? 1) - 1, line.length));
  const word = /^[\w."]+|^\S/.exec(line.slice(column))?.[0].length ?? 0;
  if (word > 0) return { from: start + column, to: start + column + word };
  // At the end of a line (or of the text) there is nothing to underline but what stands before.
  const from = Math.max(0, start + column - 1);
  return from < text.length ? { from, to: Math.min(text.length, from + 1) } : null;
}
