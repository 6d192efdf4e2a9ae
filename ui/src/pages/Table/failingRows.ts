/** The query of the rows with these keys, as in `student_id = 17, student_id = 18`; null if they are not of one column. */
export function failingRowsQuery(table: string, keys: string): string | null {
  const pairs = keys.split(/, (?=[^=]+ = )/).map((pair) => /^([^=]+) = ([^]*)$/.exec(pair));
  const columns = new Set(pairs.map((pair) => pair?.[1]));
  const [column] = columns;
  if (columns.size !== 1 || column === undefined) return null;
  const values = pairs.map((pair) => `'${(pair?.[2] ?? '').replaceAll("'", "''")}'`);
  const name = /^[a-z_][a-z0-9_]*$/.test(column) ? column : `"${column.replaceAll('"', '""')}"`;
  // As text: the keys say nothing of their type.
  return `select *\nfrom ${table}\nwhere cast(${name} as varchar) in (${values.join(', ')})`;
}
