export interface Place {
  row: number;
  column: number;
}

const PAGE = 15;

/** Where a key leads in a grid; null for a key that does not move. */
export function move(from: Place, key: string, size: { rows: number; columns: number }): Place | null {
  const to = target(from, key, size);
  if (!to) return null;
  return { row: clamp(to.row, size.rows), column: clamp(to.column, size.columns) };
}

function target({ row, column }: Place, key: string, size: { rows: number; columns: number }): Place | null {
  switch (key) {
    case 'ArrowUp':
      return { row: row - 1, column };
    case 'ArrowDown':
      return { row: row + 1, column };
    case 'ArrowLeft':
      return { row, column: column - 1 };
    case 'ArrowRight':
      return { row, column: column + 1 };
    case 'PageUp':
      return { row: row - PAGE, column };
    case 'PageDown':
      return { row: row + PAGE, column };
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: size.columns - 1 };
    default:
      return null;
  }
}

function clamp(value: number, count: number): number {
  return Math.max(0, Math.min(value, count - 1));
}
