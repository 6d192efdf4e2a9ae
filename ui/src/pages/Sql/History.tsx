import { Drawer } from '@mantine/core';
import { useQueryHistory } from '../../api/queries';
import { Ago } from '../../components/Ago/Ago';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { StateMark } from '../../components/StateMark/StateMark';
import { formatDuration, formatInteger } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { unrun, type Draft } from './drafts';
import styles from './Sql.module.css';

export function History({ opened, onClose, onChoose }: { opened: boolean; onClose: () => void; onChoose: (chosen: { query: string } | { sql: string }) => void }) {
  const t = useText();
  const lang = useLanguage();
  const history = useQueryHistory(opened);
  const drafts = opened ? unrun() : [];
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="min(34rem, 100vw)" title={t('sql.history')} closeButtonProps={{ 'aria-label': t('action.close') }} transitionProps={{ duration: 120 }}>
      {history.isPending && opened && <Loading lines={8} />}
      {history.isError && <ErrorNote failure={history.error} onRetry={() => void history.refetch()} />}
      {drafts.length > 0 && <Drafts drafts={drafts} onChoose={(sql) => onChoose({ sql })} />}
      {history.data?.length === 0 && drafts.length === 0 && <Empty title={t('sql.history.none')} />}
      <ul className={styles.history}>
        {history.data?.map((query) => (
          <li key={query.id}>
            <button type="button" className={styles.past} onClick={() => onChoose({ query: query.id })}>
              <span className={styles.pastSql}>{query.sql}</span>
              <span className={styles.pastFacts}>
                <StateMark state={query.state} />
                <Ago at={query.submitted_at} />
                {query.rows !== null && <span>{t('sql.rows', { count: query.rows, shown: formatInteger(query.rows, lang) })}</span>}
                <span>{formatDuration(query.elapsed_ms, lang)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Drawer>
  );
}

/** What was typed in this browser and never run: the server does not know it. */
function Drafts({ drafts, onChoose }: { drafts: Draft[]; onChoose: (sql: string) => void }) {
  const t = useText();
  return (
    <details className={styles.drafts}>
      <summary>{t('sql.drafts', { count: drafts.length })}</summary>
      <ul className={styles.history}>
        {drafts.map((draft) => (
          <li key={draft.at}>
            <button type="button" className={styles.past} onClick={() => onChoose(draft.text)}>
              <span className={styles.pastSql}>{draft.text}</span>
              <span className={styles.pastFacts}><Ago at={new Date(draft.at).toISOString()} /></span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
