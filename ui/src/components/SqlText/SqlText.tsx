import { StandardSQL, type SQLDialect } from '@codemirror/lang-sql';
import { classHighlighter, highlightCode } from '@lezer/highlight';
import { useMemo, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useCompletions } from '../../api/catalog';
import { dialectOf } from '../SqlEditor/dialect';
import styles from './SqlText.module.css';

/** SQL to read, in the colours of the engine's own words; each table that is known leads to its page. */
export function SqlText({ sql, tables, label }: { sql: string; tables: string[]; label: string }) {
  const words = useCompletions().data;
  const dialect = useMemo(() => (words ? dialectOf(words) : StandardSQL), [words]);
  const lines = useMemo(() => highlighted(sql, dialect, new Set(tables)), [sql, dialect, tables]);
  return (
    // Scrolling regions must take the focus, or the keyboard cannot scroll them.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={styles.sql} tabIndex={0} role="region" aria-label={label}>
      <code>{lines}</code>
    </pre>
  );
}

function highlighted(sql: string, dialect: SQLDialect, tables: Set<string>): ReactNode[] {
  const parts: { text: string; classes: string }[] = [];
  highlightCode(
    sql,
    dialect.language.parser.parse(sql),
    classHighlighter,
    (text, classes) => parts.push({ text, classes }),
    () => parts.push({ text: '\n', classes: '' }),
  );
  // A two-part name comes as plain text, in one part or in three (`erp`, `.`, `students`): join them first.
  const joined: typeof parts = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const isName = part.classes === '' || part.classes === 'tok-punctuation' || part.classes === 'tok-name';
    if (last && last.classes === '' && isName) last.text += part.text;
    else joined.push({ text: part.text, classes: isName ? '' : part.classes });
  }
  return joined.flatMap(({ text, classes }, i): ReactNode[] =>
    classes === '' ? linked(text, tables, i) : [<span key={i} className={classes}>{text}</span>],
  );
}

function linked(text: string, tables: Set<string>, at: number): ReactNode[] {
  return text.split(/(\w+\.\w+)/).map((part, i) =>
    i % 2 === 1 && tables.has(part) ? <Link key={`${at} ${i}`} to={`/catalog/${part.replace('.', '/')}`}>{part}</Link> : part,
  );
}
