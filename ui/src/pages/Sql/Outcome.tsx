import { Button } from '@mantine/core';
import { usePrinting } from '../../app/printing';
import { PAGE_ROWS, useQueryRows, type useQueryStatus } from '../../api/queries';
import type { QueryStatus } from '../../api/types';
import { useNow } from '../../components/Ago/useNow';
import { Empty } from '../../components/Empty/Empty';
import { ErrorBodyNote, ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { SampleTable } from '../../components/SampleTable/SampleTable';
import { ResultGrid } from '../../components/ResultGrid/ResultGrid';
import { formatDuration } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { ResultBar } from './ResultBar';
import styles from './Sql.module.css';

interface OutcomeProps {
  id: string | null;
  status: ReturnType<typeof useQueryStatus>;
  onRun: (sql: string) => void;
}

/** What has come of the query: nothing yet, an error with its place, rows, or rows that are no longer kept. */
export function Outcome({ id, status, onRun }: OutcomeProps) {
  const t = useText();
  const printing = usePrinting();
  if (id === null) return <Empty title={t('sql.empty')}>{t('sql.empty.hint')}</Empty>;
  if (!status.data) {
    return status.isPending ? <Loading lines={8} /> : (
      <div className={styles.pad}><ErrorNote failure={status.error} onRetry={() => void status.refetch()} /></div>
    );
  }
  const query = status.data;
  switch (query.state) {
    case 'running':
      return <Running query={query} seen={status.dataUpdatedAt} />;
    case 'cancelled':
      return <Empty title={t('sql.cancelled')} />;
    case 'expired':
      return (
        <Empty title={t('sql.expired')}>
          {t('sql.expired.hint')}{' '}
          <Button size="compact-sm" onClick={() => onRun(query.sql)}>{t('sql.runAgain')}</Button>
        </Empty>
      );
    case 'failed':
      return <Failed query={query} />;
    case 'done':
      return (
        <>
          <ResultBar query={query} />
          {query.rows === 0 ? <Empty title={t('grid.empty')} /> : printing ? <PrintedRows query={query} /> : <ResultGrid key={query.id} id={query.id} columns={query.columns} total={query.rows ?? 0} />}
        </>
      );
  }
}

/** The first page of rows, without a box that scrolls: those after it are for the download. */
function PrintedRows({ query }: { query: QueryStatus }) {
  const t = useText();
  const page = useQueryRows(query.id, [0]);
  const rows = Array.from({ length: Math.min(query.rows ?? 0, PAGE_ROWS) }, (_, i) => page.row(i)).filter((row) => row !== undefined);
  if (page.error) return <ErrorNote failure={page.error} />;
  return rows.length > 0 ? <SampleTable sample={{ columns: query.columns, rows }} caption={t('sql.result')} /> : <Loading lines={8} />;
}

function Running({ query, seen }: { query: QueryStatus; seen: number }) {
  const t = useText();
  const lang = useLanguage();
  const now = useNow(1000);
  return (
    <>
      <p className={styles.running} role="timer">{t('sql.running', { time: formatDuration(query.elapsed_ms + Math.max(0, now - seen), lang) })}</p>
      <Loading lines={8} />
    </>
  );
}

function Failed({ query }: { query: QueryStatus }) {
  const t = useText();
  const error = query.error ?? { code: 'UNKNOWN', number: 0, message: t('sql.failed') };
  const place = error.line ? t('sql.errorAt', { line: error.line, column: error.column ?? 1 }) : undefined;
  return <div className={styles.pad}><ErrorBodyNote body={error} title={place ?? t('sql.failed')} /></div>;
}
