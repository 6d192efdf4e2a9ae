import { cronInWords } from '../../format/cron';
import { useNavigate, useParams } from 'react-router';
import { useDag } from '../../api/dags';
import { isOver, useRun, useRunDetails, useRunEvents, useRuns } from '../../api/runs';
import type { Dag, Run } from '../../api/types';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { LiveMark } from '../../components/LiveMark/LiveMark';
import { Loading } from '../../components/Loading/Loading';
import { Page } from '../../components/Page/Page';
import { RunGrid } from '../../components/RunGrid/RunGrid';
import { StateMark } from '../../components/StateMark/StateMark';
import { TabLinks, useTab } from '../../components/TabLinks/TabLinks';
import { nodesOf } from '../../components/TaskGraph/layout';
import { TaskViews } from '../../components/TaskGraph/TaskViews';
import { formatMoment } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { Link } from 'react-router';
import { RunList } from '../Runs/Runs';
import { StartRun } from './StartRun';
import styles from './Dag.module.css';

const GRID_RUNS = 25;

export function DagPage() {
  const t = useText();
  const { dagId = '' } = useParams();
  const dag = useDag(dagId);
  const lang = useLanguage();
  const schedule = dag.data?.schedule;
  return (
    <Page
      wide
      title={dagId}
      crumbs={[{ to: '/dags', text: t('dags.title') }]}
      lead={dag.data && (
        <>
          {dag.data.description && <p>{dag.data.description}</p>}
          <p className="small" title={schedule ?? undefined}>{schedule ? t('dag.schedule', { cron: cronInWords(schedule, lang) ?? schedule, zone: dag.data.timezone ?? 'UTC' }) : t('dag.noSchedule')}</p>
        </>
      )}
      actions={dag.data && <StartRun dag={dag.data} />}
    >
      {dag.isPending && <Loading lines={8} />}
      {dag.isError && !dag.data && <ErrorNote failure={dag.error} onRetry={() => void dag.refetch()} />}
      {dag.data && <DagViews dag={dag.data} />}
    </Page>
  );
}

function DagViews({ dag }: { dag: Dag }) {
  const t = useText();
  const tab = useTab(['graph', 'grid', 'runs'] as const);
  const runs = useRuns({ dag: dag.id, limit: GRID_RUNS });
  const recent = runs.data?.pages[0]?.runs ?? [];
  return (
    <>
      <TabLinks
        label={t('dag.tabs')}
        chosen={tab}
        tabs={[
          { id: 'graph', text: t('dag.graph') },
          { id: 'grid', text: t('dag.grid') },
          { id: 'runs', text: t('dag.runs') },
        ]}
      />
      {tab === 'graph' && <DagGraph key={recent[0]?.id} dag={dag} run={recent[0]} />}
      {tab === 'grid' && (runs.isPending ? <Loading lines={8} /> : <DagGrid dag={dag} runs={recent} />)}
      {tab === 'runs' && <div className={styles.panel}><RunList dag={dag.id} /></div>}
    </>
  );
}

/** The graph with the states of the latest run, as they change. */
function DagGraph({ dag, run }: { dag: Dag; run: Run | undefined }) {
  const navigate = useNavigate();
  if (run) return <DagGraphOfRun dag={dag} run={run} />;
  const to = (task: string) => targetOf(dag, task) ?? `/dags/${dag.id}`;
  return <TaskViews tasks={nodesOf(dag.tasks, undefined)} to={to} onOpen={(task) => void navigate(to(task))} />;
}

function DagGraphOfRun({ dag, run }: { dag: Dag; run: Run }) {
  const lang = useLanguage();
  const navigate = useNavigate();
  const detail = useRun(run.id);
  const live = useRunEvents(run.id, detail.data === undefined || isOver(detail.data.state));
  const to = (task: string) => `/runs/${run.id}?task=${encodeURIComponent(task)}`;
  const states = new Map(detail.data?.tasks.map((task) => [task.task_id, task.state]));
  const tasks = nodesOf(dag.tasks, undefined).map((task) => ({ ...task, state: states.get(task.id) ?? null }));
  return (
    <>
      <p className={styles.latest}>
        <Link to={`/runs/${run.id}`}>{formatMoment(run.logical_time, lang)}</Link>
        <StateMark state={detail.data?.state ?? run.state} />
        <LiveMark state={live} />
      </p>
      <TaskViews tasks={tasks} to={to} onOpen={(task) => void navigate(to(task))} />
    </>
  );
}

function DagGrid({ dag, runs }: { dag: Dag; runs: Run[] }) {
  const t = useText();
  const details = useRunDetails(runs);
  if (runs.length === 0) return <Empty title={t('dag.noRuns')}>{t('dag.noRuns.hint')}</Empty>;
  return <RunGrid key={runs.length} dag={dag.id} tasks={nodesOf(dag.tasks, undefined)} runs={runs.toReversed()} details={details} />;
}

function targetOf(dag: Dag, taskId: string): string | null {
  const target = dag.tasks.find((task) => task.id === taskId)?.target;
  return target && target.type !== 'source' && target.name.includes('.') ? `/catalog/${target.name.replace('.', '/')}` : null;
}
