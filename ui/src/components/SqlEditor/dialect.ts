import { SQLDialect } from '@codemirror/lang-sql';
import type { Completions } from '../../api/types';

/** The engine's own words; those of another database would be drawn as what they are not. */
export function dialectOf({ keywords, types }: Completions): SQLDialect {
  return SQLDialect.define({ keywords: keywords?.join(' '), types: types?.join(' '), doubleDollarQuotedStrings: true, operatorChars: '*+-%<>!=&|^/~@:' });
}
