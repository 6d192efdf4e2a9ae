import { Button } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useCompletions } from '../../api/catalog';
import { useCancelQuery, useQueryStatus, useSubmitQuery } from '../../api/queries';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { useText } from '../../i18n';
import { History } from './History';
import { Outcome } from './Outcome';
import styles from './Sql.module.css';

const SqlEditor = lazy(async () => ({ default: (await import('../../components/SqlEditor/SqlEditor')).SqlEditor }));
const DRAFT = 'ecluse.sql.draft';

/** The address holds the query (?query=ID) or the text to begin with (?sql=…); an unfinished text stays in this browser. */
export function SqlPage() {
  const t = useText();
  const [search, setSearch] = useSearchParams();
  const [historyOpen, setHistoryOpen] = useState(false);
  const [edited, setEdited] = useState<{ query: string | null; text: string } | null>(null);
  const id = search.get('query');
  const status = useQueryStatus(id);
  const submit = useSubmitQuery();
  const cancel = useCancelQuery();
  const completions = useCompletions();

  const fromAddress = id === null ? (search.get('sql') ?? localStorage.getItem(DRAFT) ?? '') : (status.data?.sql ?? '');
  const text = edited?.query === id ? edited.text : fromAddress;
  const running = submit.isPending || status.data?.state === 'running';

  useEffect(() => {
    document.title = `${t('sql.title')} · Écluse`;
  }, [t]);

  const edit = (next: string) => {
    setEdited({ query: id, text: next });
    localStorage.setItem(DRAFT, next);
  };
  const run = () => {
    if (running || text.trim() === '') return;
    submit.mutate(text, {
      onSuccess: (submitted) => {
        setEdited({ query: submitted.id, text });
        setSearch({ query: submitted.id });
      },
    });
  };
  const failedHere = status.data?.sql === text ? (status.data.error ?? null) : null;

  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{t('sql.title')}</h1>
      <section className={styles.top} aria-label={t('sql.editor')}>
        <div className={styles.editor}>
          <Suspense fallback={<Loading lines={4} />}>
            <SqlEditor value={text} onChange={edit} onRun={run} completions={completions.data} error={failedHere} />
          </Suspense>
        </div>
        <div className={styles.tools}>
          <Button onClick={run} loading={submit.isPending} disabled={running || text.trim() === ''}>{t('sql.run')}</Button>
          {status.data?.state === 'running' && id !== null && (
            <Button variant="default" onClick={() => cancel.mutate(id)} loading={cancel.isPending}>{t('sql.cancel')}</Button>
          )}
          <Button variant="default" onClick={() => setHistoryOpen(true)}>{t('sql.history')}</Button>
          <span className={styles.lead}>{t('sql.lead')}</span>
        </div>
      </section>
      <section className={styles.result} aria-label={t('sql.result')}>
        {submit.error ? <div className={styles.pad}><ErrorNote title={t('sql.failed')} failure={submit.error} /></div> : <Outcome id={id} status={status} />}
      </section>
      <History
        opened={historyOpen}
        onClose={() => setHistoryOpen(false)}
        onChoose={(query) => {
          setHistoryOpen(false);
          setEdited({ query: query.id, text: query.sql });
          setSearch({ query: query.id });
        }}
      />
    </div>
  );
}
