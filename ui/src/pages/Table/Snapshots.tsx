import { Link } from 'react-router';
import { useSnapshots } from '../../api/catalog';
import type { TableDetail } from '../../api/types';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { formatInteger, formatMoment } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { Tag } from '../../components/Tag/Tag';
import { DataTable } from '../../components/DataTable/DataTable';

export function Snapshots({ table }: { table: TableDetail }) {
  const t = useText();
  const lang = useLanguage();
  const snapshots = useSnapshots(table.schema, table.name);
  if (snapshots.isPending) return <Loading lines={8} />;
  if (!snapshots.data) return <ErrorNote failure={snapshots.error} onRetry={() => void snapshots.refetch()} />;
  if (snapshots.data.length === 0) return <Empty title={t('table.noSnapshots')} />;
  const count = (value: number | null) => (value === null ? '–' : formatInteger(value, lang));
  return (
    <DataTable label={t('table.snapshots')}>
      <thead>
        <tr>
          <th scope="col">{t('column.at')}</th>
          <th scope="col">{t('column.operation')}</th>
          <th scope="col" className="number">{t('column.rows')}</th>
          <th scope="col" className="number">{t('column.added')}</th>
          <th scope="col">{t('column.run')}</th>
          <th scope="col">{t('column.snapshot')}</th>
        </tr>
      </thead>
      <tbody>
        {snapshots.data.map((snapshot) => (
          <tr key={snapshot.id}>
            <th scope="row">
              {formatMoment(snapshot.at, lang)}
              {snapshot.current && <Tag tone="water">{t('table.snapshot.current')}</Tag>}
            </th>
            <td className="soft">{snapshot.operation}</td>
            <td className="number">{count(snapshot.rows)}</td>
            <td className="number">{count(snapshot.added_rows)}</td>
            <td>{snapshot.run_id ? <Link to={`/runs/${snapshot.run_id}`}>{snapshot.run_id}</Link> : '–'}</td>
            <td className="mono soft">{snapshot.id}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
