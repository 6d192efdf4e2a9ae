import { SegmentedControl } from '@mantine/core';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useDag } from '../../api/dags';
import { isOver, useRun, useRunEvents } from '../../api/runs';
import type { RunDetail } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { LiveMark } from '../../components/LiveMark/LiveMark';
import { Loading } from '../../components/Loading/Loading';
import { Page } from '../../components/Page/Page';
import { RunDuration } from '../../components/RunTable/RunTable';
import { Sentence } from '../../components/Sentence/Sentence';
import { StateMark } from '../../components/StateMark/StateMark';
import { TabLinks, useTab } from '../../components/TabLinks/TabLinks';
import { nodesOf } from '../../components/TaskGraph/layout';
import { TaskViews } from '../../components/TaskGraph/TaskViews';
import { TaskPanel } from '../../components/TaskPanel/TaskPanel';
import { TaskTable } from '../../components/TaskTable/TaskTable';
import { WaitsFor } from '../../components/WaitsFor/WaitsFor';
import { formatDated } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { FailedTasks } from './FailedTasks';
import { RunActions } from './RunActions';
import styles from './Run.module.css';

export function RunPage() {
  const t = useText();
  const lang = useLanguage();
  const { runId = '' } = useParams();
  const run = useRun(runId);
  const live = useRunEvents(runId, run.data === undefined || isOver(run.data.state));
  if (!run.data) {
    return (
      <Page wide title={runId} crumbs={[{ to: '/runs', text: t('runs.title') }]}>
        {run.isPending ? <Loading lines={10} /> : <ErrorNote failure={run.error} onRetry={() => void run.refetch()} />}
      </Page>
    );
  }
  const detail = run.data;
  return (
    <Page
      wide
      title={t('run.title', { dag: detail.dag_id, at: formatDated(detail.logical_time, lang) })}
      crumbs={[{ to: '/dags', text: t('dags.title') }, { to: `/dags/${detail.dag_id}`, text: detail.dag_id }]}
      lead={<RunFacts run={detail} live={live} />}
      actions={<RunActions run={detail} />}
    >
      <WaitsFor run={detail} />
      {detail.error && <p className={styles.error}><Sentence text={detail.error} /></p>}
      <FailedTasks run={detail} />
      <RunViews run={detail} />
    </Page>
  );
}

function RunFacts({ run, live }: { run: RunDetail; live: React.ComponentProps<typeof LiveMark>['state'] }) {
  const t = useText();
  const publication = run.rolled_back ? t('run.rolledBack') : t(run.published ? 'run.published' : 'run.unpublished');
  return (
    <div className={styles.facts}>
      <span aria-live="polite"><StateMark state={run.state} size={18} /></span>
      <span>{t(`trigger.${run.trigger}`)}</span>
      <span><RunDuration run={run} /></span>
      {run.started_at && <Ago at={run.started_at} />}
      <span>{publication}</span>
      {Object.entries(run.params ?? {}).map(([name, value]) => (
        <span key={name}><span className="soft">{name}</span> <code>{value}</code></span>
      ))}
      <LiveMark state={live} />
      <code className={styles.id}>{run.id}</code>
    </div>
  );
}

function RunViews({ run }: { run: RunDetail }) {
  const t = useText();
  const tab = useTab(['tasks', 'graph'] as const);
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const dag = useDag(run.dag_id);
  const nodes = nodesOf(dag.data?.tasks ?? [], run.tasks);
  const order = new Map(nodes.map((node, i) => [node.id, i]));
  const tasks = run.tasks.toSorted((one, other) => (order.get(one.task_id) ?? 0) - (order.get(other.task_id) ?? 0));
  const chosen = search.get('task');
  const failed = tasks.filter((task) => task.state === 'failed');
  const only = search.get('only') === 'failed' && failed.length > 0;
  const choose = (value: string) =>
    void navigate({ search: withOnly(search, value) }, { replace: true, preventScrollReset: true });

  const withTask = (task: string | null) => {
    const next = new URLSearchParams(search);
    next.delete('attempt');
    if (task === null) next.delete('task');
    else next.set('task', task);
    return { search: next.toString() };
  };
  const open = (task: string | null) => void navigate(withTask(task), { preventScrollReset: true });
  return (
    <>
      <TabLinks label={t('run.tabs')} chosen={tab} tabs={[{ id: 'tasks', text: t('run.tasks'), count: run.tasks.length }, { id: 'graph', text: t('run.graph') }]} />
      {tab === 'tasks' ? (
        <>
          {failed.length > 0 && (
            <SegmentedControl
              size="xs"
              className={styles.filter}
              aria-label={t('run.show')}
              value={only ? 'failed' : 'all'}
              onChange={choose}
              data={[{ value: 'all', label: t('run.show.all', { count: tasks.length }) }, { value: 'failed', label: t('run.show.failed', { count: failed.length }) }]}
            />
          )}
          <div className={styles.panel}><TaskTable run={run} tasks={only ? failed : tasks} to={withTask} /></div>
        </>
      ) : (
        <TaskViews tasks={nodes} to={(task) => `?${withTask(task).search}`} onOpen={open} />
      )}
      <TaskPanel
        run={run}
        task={run.tasks.find((task) => task.task_id === chosen)}
        definition={dag.data?.tasks.find((task) => task.id === chosen)}
        onClose={() => open(null)}
      />
    </>
  );
}

function withOnly(search: URLSearchParams, value: string): string {
  const next = new URLSearchParams(search);
  if (value === 'failed') next.set('only', value);
  else next.delete('only');
  return next.toString();
}
