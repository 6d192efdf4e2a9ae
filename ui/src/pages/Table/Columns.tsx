import type { TableDetail } from '../../api/types';
import { useText } from '../../i18n';
import { ColumnCell } from '../../components/DataTable/NameCell';
import { DataTable } from '../../components/DataTable/DataTable';

export function Columns({ table }: { table: TableDetail }) {
  const t = useText();
  return (
    <DataTable label={t('table.columns')}>
      <thead>
        <tr>
          <th scope="col">{t('column.column')}</th>
          <th scope="col">{t('column.type')}</th>
          <th scope="col">{t('column.description')}</th>
          <th scope="col" className="minor">{t('column.tests')}</th>
          <th scope="col" className="minor">{t('column.nullable')}</th>
        </tr>
      </thead>
      <tbody>
        {table.columns.map((column) => (
          <tr key={column.name}>
            <ColumnCell name={column.name} personal={column.personal} />
            <td className="mono soft">{column.type ?? '–'}</td>
            <td>{column.description ?? <span className="soft">–</span>}</td>
            <td className="soft minor">{column.tests.join(', ') || '–'}</td>
            <td className="soft minor">{t(column.nullable ? 'table.yes' : 'table.no')}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
