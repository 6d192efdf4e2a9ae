import { Button } from '@mantine/core';
import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { useCompletions } from '../../api/catalog';
import { useCancelQuery, useQueryStatus, useSubmitQuery } from '../../api/queries';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { useText } from '../../i18n';
import { History } from './History';
import { Outcome } from './Outcome';
import { useSheet } from './sheet';
import styles from './Sql.module.css';

const SqlEditor = lazy(async () => ({ default: (await import('../../components/SqlEditor/SqlEditor')).SqlEditor }));

/** The address holds the query (?query=ID) or the text to begin with (?sql=…), and the run to read (&run=ID), if any; what is typed is kept in this browser. */
export function SqlPage() {
  const t = useText();
  const [search, setSearch] = useSearchParams();
  const [historyOpen, setHistoryOpen] = useState(false);
  const id = search.get('query');
  /** The run whose own state is read, instead of what is published. */
  const ofRun = search.get('run');
  const status = useQueryStatus(id);
  const { sheet, edit, submitted } = useSheet(id, search.get('sql'), status.data?.sql);
  const submit = useSubmitQuery();
  const cancel = useCancelQuery();
  const completions = useCompletions();
  const { text } = sheet;
  const running = submit.isPending || status.data?.state === 'running';

  useEffect(() => {
    document.title = `${t('sql.title')} · Écluse`;
  }, [t]);

  const runText = (sql: string, replace: boolean) => {
    if (running || sql.trim() === '') return;
    submit.mutate({ sql, run: ofRun }, {
      onSuccess: (query) => {
        submitted(query.id, sql);
        setSearch({ query: query.id, ...(ofRun && { run: ofRun }) }, { replace });
      },
    });
  };
  const run = () => runText(text, false);
  useRunOfLink((sql) => runText(sql, true));
  const failedHere = status.data?.sql === text ? (status.data.error ?? null) : null;

  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{t('sql.title')}</h1>
      <section className={styles.top} aria-label={t('sql.editor')}>
        <div className={styles.editor}>
          <Suspense fallback={<Loading lines={4} />}>
            <SqlEditor sheet={sheet} onChange={edit} onRun={run} completions={completions.data} error={failedHere} />
          </Suspense>
        </div>
        <div className={styles.tools}>
          <Button onClick={run} loading={submit.isPending} disabled={running || text.trim() === ''}>{t('sql.run')}</Button>
          {status.data?.state === 'running' && id !== null && (
            <Button variant="default" onClick={() => cancel.mutate(id)} loading={cancel.isPending}>{t('sql.cancel')}</Button>
          )}
          <Button variant="default" onClick={() => setHistoryOpen(true)}>{t('sql.history')}</Button>
          {ofRun !== null && <OfRun run={ofRun} onLeave={() => setSearch({ sql: text })} />}
          <span className={styles.lead}>{t('sql.lead')}</span>
        </div>
      </section>
      <section className={styles.result} aria-label={t('sql.result')}>
        {submit.error ? <div className={styles.pad}><ErrorNote title={t('sql.failed')} failure={submit.error} /></div> : <Outcome id={id} status={status} onRun={(sql) => runText(sql, false)} />}
      </section>
      <History
        opened={historyOpen}
        onClose={() => setHistoryOpen(false)}
        onChoose={(chosen) => {
          setHistoryOpen(false);
          setSearch(chosen);
        }}
      />
    </div>
  );
}

/** Says that what a run has written is read, whether it is published or not; there is a way back. */
function OfRun({ run, onLeave }: { run: string; onLeave: () => void }) {
  const t = useText();
  return (
    <span className={styles.ofRun}>
      <span>{t('sql.ofRun')} <Link to={`/runs/${run}`}>{run}</Link></span>
      <Button size="compact-sm" variant="default" onClick={onLeave}>{t('sql.ofRun.leave')}</Button>
    </span>
  );
}

/** A link of this app that asks for it ("open in the editor") runs its text, once; one from elsewhere only shows it. */
function useRunOfLink(run: (sql: string) => void) {
  const location = useLocation();
  const { search } = location;
  const navigate = useNavigate();
  const wanted = (location.state as { run?: boolean } | null)?.run === true ? new URLSearchParams(search).get('sql') : null;
  const runIt = useEffectEvent(run);
  useEffect(() => {
    if (wanted === null) return;
    // The wish is fulfilled once, whatever comes of it.
    void navigate({ search }, { replace: true, state: null });
    runIt(wanted);
  }, [wanted, search, navigate]);
}
