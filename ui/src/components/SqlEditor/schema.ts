import type { Completions } from '../../api/types';

/** The catalog as the editor's completion wants it: schema, table, columns. */
export function schemaOf(completions: Completions): Record<string, Record<string, string[]>> {
  const schemas: Record<string, Record<string, string[]>> = {};
  for (const { name, columns } of completions.tables) {
    const [schema = '', table] = name.split('.');
    if (table === undefined) continue;
    (schemas[schema] ??= {})[table] = columns;
  }
  return schemas;
}
