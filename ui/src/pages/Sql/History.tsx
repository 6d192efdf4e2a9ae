import { Drawer } from '@mantine/core';
import { useQueryHistory } from '../../api/queries';
import type { QuerySummary } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { StateMark } from '../../components/StateMark/StateMark';
import { formatDuration, formatInteger } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import styles from './Sql.module.css';

export function History({ opened, onClose, onChoose }: { opened: boolean; onClose: () => void; onChoose: (query: QuerySummary) => void }) {
  const t = useText();
  const lang = useLanguage();
  const history = useQueryHistory(opened);
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="min(34rem, 100vw)" title={t('sql.history')} closeButtonProps={{ 'aria-label': t('action.close') }} transitionProps={{ duration: 120 }}>
      {history.isPending && <Loading lines={8} />}
      {history.isError && <ErrorNote failure={history.error} onRetry={() => void history.refetch()} />}
      {history.data?.length === 0 && <Empty title={t('sql.history.none')} />}
      <ul className={styles.history}>
        {history.data?.map((query) => (
          <li key={query.id}>
            <button type="button" className={styles.past} onClick={() => onChoose(query)}>
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
