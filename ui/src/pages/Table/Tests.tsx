import { Link } from 'react-router';
import type { TableDetail } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { Empty } from '../../components/Empty/Empty';
import { StateMark } from '../../components/StateMark/StateMark';
import { formatInteger } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { failingRowsQuery } from './failingRows';
import styles from './Table.module.css';
import { DataTable } from '../../components/DataTable/DataTable';

export function Tests({ table }: { table: TableDetail }) {
  const t = useText();
  const lang = useLanguage();
  if (table.tests.length === 0) return <Empty title={t('table.noTests')}>{table.model && t('table.noTests.hint')}</Empty>;
  return (
    <DataTable label={t('table.tests')}>
      <thead>
        <tr>
          <th scope="col">{t('column.test')}</th>
          <th scope="col">{t('column.column')}</th>
          <th scope="col">{t('column.state')}</th>
          <th scope="col" className="number">{t('column.failing')}</th>
          <th scope="col">{t('column.run')}</th>
        </tr>
      </thead>
      <tbody>
        {table.tests.map((test) => (
          <tr key={`${test.column} ${test.name}`}>
            <th scope="row">{test.name}</th>
            <td>{test.column ?? '–'}</td>
            <td>
              <StateMark state={test.state} />
              {test.state === 'failed' && test.failing_keys && <FailingKeys table={`${table.schema}.${table.name}`} keys={test.failing_keys} run={test.run_id} />}
            </td>
            <td className="number">{test.failing_rows === null ? '–' : formatInteger(test.failing_rows, lang)}</td>
            <td>{test.run_id && test.at ? <Link to={`/runs/${test.run_id}`}><Ago at={test.at} /></Link> : '–'}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}

/** Which rows break it; the link looks for them in the table as the run wrote it, which may never have been published. */
function FailingKeys({ table, keys, run }: { table: string; keys: string; run: string | null }) {
  const t = useText();
  const sql = failingRowsQuery(table, keys);
  return (
    <p className={styles.failing}>
      <code>{keys}</code> {sql && <Link to={`/sql?${new URLSearchParams({ sql, ...(run && { run }) }).toString()}`} state={{ run: true }}>{t('table.failingRows')}</Link>}
    </p>
  );
}
