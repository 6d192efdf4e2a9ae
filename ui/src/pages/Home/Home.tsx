import { Link } from 'react-router';
import { useHome } from '../../api/home';
import type { HomeView, Run } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { Page, Section } from '../../components/Page/Page';
import { RunTable } from '../../components/RunTable/RunTable';
import { formatMoment } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { FreshTables } from './FreshTables';
import { RunError } from './RunError';
import styles from './Home.module.css';

/** For operators first: what failed, what ran, how fresh each table is, what comes next. */
export function Home() {
  const t = useText();
  const home = useHome();
  if (home.isPending) {
    return (
      <Page title={t('home.title')}>
        <Loading lines={8} />
      </Page>
    );
  }
  if (!home.data) {
    return (
      <Page title={t('home.title')}>
        <ErrorNote failure={home.error} onRetry={() => void home.refetch()} />
      </Page>
    );
  }
  return <HomeContent home={home.data} seen={home.dataUpdatedAt} stale={home.isError} />;
}

function HomeContent({ home, seen, stale }: { home: HomeView; seen: number; stale: boolean }) {
  const t = useText();
  const failures = home.failed_runs;
  return (
    <Page
      title={t('home.title')}
      lead={
        <>
          {t('home.lead', { project: home.project, environment: home.environment })}
          {stale && <> · {t('home.stale')} <Ago at={new Date(seen).toISOString()} /></>}
        </>
      }
    >
      {failures.length > 0 && (
        <Section title={t('home.failed', { count: failures.length })} flush>
          <ul>
            {failures.slice(0, 5).map((run) => (
              <RunError key={run.id} run={run} repaired={isRepaired(run, home.recent_runs)} />
            ))}
          </ul>
        </Section>
      )}
      <div className={styles.columns}>
        <Section title={t('home.recent')} aside={<Link to="/runs" className="small">{t('home.allRuns')}</Link>} flush>
          {home.recent_runs.length === 0 ? (
            <Empty title={t('home.noRuns')}>
              <Link to="/dags">{t('home.noRuns.hint')}</Link>
            </Empty>
          ) : (
            <RunTable runs={home.recent_runs.slice(0, 8)} withDag caption={t('home.recent')} />
          )}
        </Section>
        <Section title={t('home.next')} flush>
          {home.next_runs.length === 0 ? <Empty title={t('home.noNext')} /> : <NextRuns runs={home.next_runs} />}
        </Section>
      </div>
      <Section title={t('home.tables')} aside={<Link to="/catalog" className="small">{t('home.allTables')}</Link>} flush>
        {home.tables.length === 0 ? <Empty title={t('home.noTables')}>{t('home.noTables.hint')}</Empty> : <FreshTables tables={home.tables} />}
      </Section>
    </Page>
  );
}

function isRepaired(failed: Run, recent: Run[]): boolean {
  return recent.some((run) => run.dag_id === failed.dag_id && run.state === 'success' && run.created_at > failed.created_at);
}

function NextRuns({ runs }: { runs: HomeView['next_runs'] }) {
  const lang = useLanguage();
  return (
    <ul className={styles.next}>
      {runs.slice(0, 8).map((run) => (
        <li key={`${run.dag_id} ${run.at}`}>
          <Link to={`/dags/${run.dag_id}`}>{run.dag_id}</Link>
          <span className="soft small">
            {formatMoment(run.at, lang)} · <Ago at={run.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
