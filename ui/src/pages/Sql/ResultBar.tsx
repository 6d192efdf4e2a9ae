import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import { useSnapshots } from '../../api/catalog';
import { downloadUrl, PAGE_ROWS, type DownloadFormat } from '../../api/queries';
import type { QueryStatus, Rows } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { formatDuration, formatInteger } from '../../format/format';
import { useLanguage, useText, type TextKey } from '../../i18n';
import styles from './Sql.module.css';
import { tsvOf } from './tsv';

const FORMATS: { format: DownloadFormat; name: TextKey }[] = [
  { format: 'csv', name: 'sql.format.csv' },
  { format: 'csv-excel-fr', name: 'sql.format.csvFrench' },
  { format: 'xlsx', name: 'sql.format.xlsx' },
  { format: 'json', name: 'sql.format.json' },
  { format: 'parquet', name: 'sql.format.parquet' },
];

/** How many rows, in what time, of which state of the data; and the ways to take them along. */
export function ResultBar({ query }: { query: QueryStatus }) {
  const t = useText();
  const lang = useLanguage();
  const rows = query.rows ?? 0;
  return (
    <div className={styles.bar}>
      <span role="status">
        <strong>{t('sql.rows', { count: rows, shown: formatInteger(rows, lang) })}</strong> {t('sql.elapsed', { time: formatDuration(query.elapsed_ms, lang) })}
        {query.truncated && <span className={styles.truncated}> · {t('sql.truncated')}</span>}
      </span>
      {Object.keys(query.snapshots).length > 0 && (
        <span className={styles.snapshots}>
          {t('sql.snapshots')}{' '}
          {Object.entries(query.snapshots).map(([table, snapshot]) => <SnapshotOf key={table} table={table} snapshot={snapshot} />)}
        </span>
      )}
      <span className={styles.space} />
      {rows > 0 && <CopyRows id={query.id} count={Math.min(rows, PAGE_ROWS)} />}
      <span role="group" aria-label={t('sql.download')} className={styles.downloads}>
        <span aria-hidden="true">{t('sql.download')}</span>
        {FORMATS.map(({ format, name }) => (
          <Button key={format} component="a" size="compact-sm" variant="default" href={downloadUrl(query.id, format)} download>{t(name)}</Button>
        ))}
      </span>
    </div>
  );
}

function SnapshotOf({ table, snapshot }: { table: string; snapshot: string }) {
  const [schema = '', name = ''] = table.split('.');
  const snapshots = useSnapshots(schema, name);
  const at = snapshots.data?.find((one) => one.id === snapshot)?.at;
  return (
    <span className={styles.snapshot}>
      <Link to={`/catalog/${schema}/${name}?tab=snapshots`} title={snapshot}>{table}</Link> {at && <Ago at={at} />}
    </span>
  );
}

/** Copies the first page, tab-separated as spreadsheets take it; the download is for all. */
function CopyRows({ id, count }: { id: string; count: number }) {
  const t = useText();
  const lang = useLanguage();
  const cache = useQueryClient();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const page = cache.getQueryData<Rows>(['queries', 'rows', id, 0]);
    if (!page) return;
    await navigator.clipboard.writeText(tsvOf(page));
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <Button size="compact-sm" variant="default" onClick={() => void copy()}>
      <span aria-live="polite">{copied ? t('sql.copied') : t('sql.copyRows', { shown: formatInteger(count, lang) })}</span>
    </Button>
  );
}
