import type { Rows } from '../../api/types';
import { formatCell, isNumericType } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { TableBox } from '../TableBox/TableBox';
import styles from './SampleTable.module.css';

/** A few rows, all of them drawn. The result grid is for many. */
export function SampleTable({ sample, caption }: { sample: Pick<Rows, 'columns' | 'rows'>; caption: string }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <TableBox className={styles.box} label={caption}>
      <table className="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {sample.columns.map((column, i) => (
              <th key={i} scope="col" className={isNumericType(column.type) ? 'number' : undefined}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sample.rows.map((row, i) => (
            <tr key={i}>
              {row.map((value, column) => {
                const type = sample.columns[column]?.type ?? '';
                return (
                  <td key={column} className={isNumericType(type) ? 'number' : styles.text}>
                    {value === null ? <span className={styles.null}>{t('grid.null')}</span> : formatCell(value, type, lang)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
