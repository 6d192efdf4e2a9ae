import { Link } from 'react-router';
import type { TableDetail } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { Empty } from '../../components/Empty/Empty';
import { StateMark } from '../../components/StateMark/StateMark';
import { formatInteger } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
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
            <td><StateMark state={test.state} /></td>
            <td className="number">{test.failing_rows === null ? '–' : formatInteger(test.failing_rows, lang)}</td>
            <td>{test.run_id && test.at ? <Link to={`/runs/${test.run_id}`}><Ago at={test.at} /></Link> : '–'}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
