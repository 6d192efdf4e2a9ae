import { cronInWords } from '../../format/cron';
import { Link } from 'react-router';
import { useDags } from '../../api/dags';
import type { DagSummary, Run } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { Broken } from '../../components/Broken/Broken';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { Page } from '../../components/Page/Page';
import { StateMark, stateKey } from '../../components/StateMark/StateMark';
import { formatMoment } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import styles from './Dags.module.css';

export function Dags() {
  const t = useText();
  const dags = useDags();
  return (
    <Page title={t('dags.title')} lead={t('dags.lead')} actions={<Link to="/runs">{t('home.allRuns')}</Link>}>
      {dags.isPending && <Loading lines={6} height={32} />}
      {dags.isError && <ErrorNote failure={dags.error} onRetry={() => void dags.refetch()} />}
      {dags.data?.length === 0 && <Empty title={t('dags.none')}>{t('dags.none.hint')}</Empty>}
      {dags.data && dags.data.length > 0 && (
        <ul className={styles.list}>
          {dags.data.map((dag) => (
            <DagItem key={dag.id} dag={dag} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function DagItem({ dag }: { dag: DagSummary }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <li className={styles.dag}>
      <div className={styles.name}>
        <h2>
          <Link to={`/dags/${dag.id}`}>{dag.id}</Link>
        </h2>
        {dag.description && <p className="soft small">{dag.description}</p>}
        <Broken broken={dag.broken} />
        {!dag.broken && (
          <p className="soft small">
            {t('dag.tasks', { count: dag.task_count })} · {dag.schedule ? t('dag.schedule', { cron: cronInWords(dag.schedule, lang) ?? dag.schedule, zone: dag.timezone ?? 'UTC' }) : t('dag.noSchedule')}
          </p>
        )}
      </div>
      <div className={styles.runs}>
        <p className={styles.label}>{t('dags.lastRuns')}</p>
        {dag.last_runs.length === 0 ? <p className="soft small">{t('dags.neverRun')}</p> : <RunMarks runs={dag.last_runs} />}
      </div>
      <div className={styles.next}>
        <p className={styles.label}>{t('dags.nextRun')}</p>
        <p className="small">{dag.next_run_at ? <Ago at={dag.next_run_at} /> : '–'}</p>
      </div>
    </li>
  );
}

/** The last runs, oldest first as one reads time. */
function RunMarks({ runs }: { runs: Run[] }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <ol className={styles.marks}>
      {runs.toReversed().map((run) => {
        const name = t('dags.runMark', { state: t(stateKey(run.state)), at: formatMoment(run.logical_time, lang) });
        return (
          <li key={run.id}>
            <Link to={`/runs/${run.id}`} title={name} aria-label={name}>
              <StateMark state={run.state} label="none" size={18} />
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
