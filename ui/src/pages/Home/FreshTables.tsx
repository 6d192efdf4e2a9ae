import { Link } from 'react-router';
import type { TableFreshness } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { formatInteger } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { freshness } from './freshness';
import { DataTable } from '../../components/DataTable/DataTable';
import styles from './Home.module.css';

/** Oldest first within what is late, so that what needs a look stands on top. */
export function FreshTables({ tables }: { tables: TableFreshness[] }) {
  const t = useText();
  const lang = useLanguage();
  const sorted = tables.toSorted((one, other) => one.name.localeCompare(other.name));
  return (
    <DataTable label={t('home.tables')}>
      <thead>
        <tr>
          <th scope="col">{t('column.table')}</th>
          <th scope="col" className="number">{t('column.rows')}</th>
          <th scope="col">{t('column.freshness')}</th>
          <th scope="col" className="minor">{t('column.updated')}</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((table) => (
          <tr key={table.name}>
            <th scope="row">
              <Link to={`/catalog/${table.name.replace('.', '/')}`}>{table.name}</Link>
            </th>
            <td className="number">{table.rows === null ? '–' : formatInteger(table.rows, lang)}</td>
            <td>
              <Freshness age={table.age_seconds} />
            </td>
            <td className="minor">
              {table.updated_at === null ? t('home.never') : table.run_id === null ? <Ago at={table.updated_at} /> : (
                <Link to={`/runs/${table.run_id}`}><Ago at={table.updated_at} /></Link>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}

function Freshness({ age }: { age: number | null }) {
  const t = useText();
  const { level, grade } = freshness(age);
  return (
    <span className={styles.freshness}>
      <span className={styles.gauge} aria-hidden="true">
        <span className={styles[grade]} style={{ width: `${level * 100}%` }} />
      </span>
      {t(`fresh.${grade}`)}
    </span>
  );
}
