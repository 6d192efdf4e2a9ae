import type { TableDetail } from '../../api/types';
import { useText } from '../../i18n';
import { TableBox } from '../../components/TableBox/TableBox';
import styles from './Table.module.css';

export function Columns({ table }: { table: TableDetail }) {
  const t = useText();
  return (
    <TableBox label={t('table.columns')}>
      <table className="table">
        <caption className="visually-hidden">{t('table.columns')}</caption>
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
              <th scope="row" className={styles.name}>
                {column.name}
                {column.personal && <PersonalMark />}
              </th>
              <td className="mono soft">{column.type}</td>
              <td>{column.description ?? <span className="soft">–</span>}</td>
              <td className="soft minor">{column.tests.join(', ') || '–'}</td>
              <td className="soft minor">{t(column.nullable ? 'table.yes' : 'table.no')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

function PersonalMark() {
  const t = useText();
  return (
    <span className={styles.personal} title={t('table.personal.long')}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <circle cx="6" cy="3.5" r="2.4" fill="currentColor" />
        <path d="M1.2 11.2a4.8 4.6 0 0 1 9.6 0z" fill="currentColor" />
      </svg>
      {t('table.personal')}
    </span>
  );
}
