import type { BatchDetail, BatchPart } from '../../api/types';
import { ColumnCell } from '../../components/DataTable/NameCell';
import { Tag } from '../../components/Tag/Tag';
import { DataTable } from '../../components/DataTable/DataTable';
import { formatBytes, formatInteger } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import styles from './Batches.module.css';

/** Why rows were left out, and how many for each reason. Never which. */
export function ReasonTable({ batch }: { batch: BatchDetail }) {
  const t = useText();
  const lang = useLanguage();
  const described = batch.content.rejected.reduce((sum, one) => sum + one.rows, 0);
  return (
    <>
      <DataTable label={t('batch.rejected.title')}>
        <thead>
          <tr>
            <th scope="col">{t('column.reason')}</th>
            <th scope="col" className="number">{t('column.rows')}</th>
          </tr>
        </thead>
        <tbody>
          {batch.content.rejected.map((one) => (
            <tr key={one.reason}>
              <th scope="row" className={styles.reason}>{one.reason}</th>
              <td className="number">{formatInteger(one.rows, lang)}</td>
            </tr>
          ))}
        </tbody>
      </DataTable>
      {described < batch.rejected_rows && (
        <p className={styles.foot}>{t('batch.rejected.more', { shown: formatInteger(described, lang), all: formatInteger(batch.rejected_rows, lang) })}</p>
      )}
    </>
  );
}

export function PartTable({ parts }: { parts: BatchPart[] }) {
  const t = useText();
  const lang = useLanguage();
  const ofFiles = parts.some((part) => part.origin !== null);
  if (parts.length === 0) return <p className={styles.foot}>{t('batch.parts.none')}</p>;
  return (
    <DataTable label={t('batch.parts')}>
      <thead>
        <tr>
          <th scope="col">{t('column.file')}</th>
          {ofFiles && <th scope="col">{t('column.origin')}</th>}
          <th scope="col" className="number">{t('column.rows')}</th>
          <th scope="col" className="number">{t('column.size')}</th>
          <th scope="col">{t('column.compared')}</th>
          <th scope="col" className="minor">{t('column.sha256')}</th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => (
          <tr key={part.file}>
            <th scope="row" className="mono">{part.file}</th>
            {ofFiles && <td>{part.origin ?? '–'}</td>}
            <td className="number">{formatInteger(part.rows, lang)}</td>
            <td className="number soft">{formatBytes(part.bytes, lang)}</td>
            <td>{t(`batch.compared.${part.compared_by}`)}</td>
            <td className="mono soft clip minor" title={part.sha256}>{part.sha256.slice(0, 16)}…</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}

export function ColumnTable({ batch }: { batch: BatchDetail }) {
  const t = useText();
  const { columns, primary_key } = batch.content;
  return (
    <DataTable label={t('table.columns')}>
      <thead>
        <tr>
          <th scope="col">{t('column.column')}</th>
          <th scope="col">{t('column.type')}</th>
          <th scope="col">{t('column.sourceType')}</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => (
          <tr key={column.name}>
            <ColumnCell name={column.name} personal={column.personal}>
                {primary_key.includes(column.name) && <Tag>{t('batch.key')}</Tag>}
              </ColumnCell>
            <td className="mono soft">{column.type}</td>
            <td className="mono soft">{column.source_type}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
