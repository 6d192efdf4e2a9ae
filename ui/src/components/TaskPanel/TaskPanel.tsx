import { Button, Drawer } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { useAttempts, useRetryRun } from '../../api/runs';
import type { DagTask, RunDetail, TaskState } from '../../api/types';
import { formatBytes, formatDuration, formatInteger } from '../../format/format';
import { kindOf, useLanguage, useText } from '../../i18n';
import { Ago } from '../Ago/Ago';
import { cx } from '../cx';
import { ErrorNote } from '../ErrorNote/ErrorNote';
import { Facts, type Line } from '../Facts/Facts';
import { Loading } from '../Loading/Loading';
import { LogView } from '../LogView/LogView';
import { Sentence } from '../Sentence/Sentence';
import { StateMark } from '../StateMark/StateMark';
import { TaskWaitsFor } from '../WaitsFor/WaitsFor';
import { upstreamUnderWay } from '../WaitsFor/waits';
import styles from './TaskPanel.module.css';

interface TaskPanelProps {
  run: RunDetail;
  task: TaskState | undefined;
  /** The task as its DAG has it, if it still does. */
  definition: DagTask | undefined;
  onClose: () => void;
}

/** All about one task of a run: state, facts, attempts and the log of one of them. */
export function TaskPanel({ run, task, definition, onClose }: TaskPanelProps) {
  const t = useText();
  return (
    <Drawer
      opened={task !== undefined}
      onClose={onClose}
      position="right"
      size="min(46rem, 100vw)"
      title={<span className={styles.title}>{task?.task_id}</span>}
      closeButtonProps={{ 'aria-label': t('task.close') }}
      transitionProps={{ duration: 120 }}
    >
      {task && <TaskContent key={task.task_id} run={run} task={task} definition={definition} />}
    </Drawer>
  );
}

function TaskContent({ run, task, definition }: { run: RunDetail; task: TaskState; definition: DagTask | undefined }) {
  const t = useText();
  const lang = useLanguage();
  const retry = useRetryRun(run.id);
  const retryable = run.ended_at !== null && task.started_at !== null;
  return (
    <div className={styles.content}>
      <div className={styles.head}>
        <StateMark state={task.state} />
        <span className="soft small">{kindOf(task, lang)}</span>
        <TargetLink definition={definition} />
        {task.facts.extract_id && task.state === 'success' && <Link className="small" to={`/batches?run=${run.id}`}>{t('task.batches')}</Link>}
        {retryable && (
          <Button size="compact-sm" variant="default" className={styles.retry} loading={retry.isPending} onClick={() => retry.mutate(task.task_id)}>
            {t('run.retryFrom')}
          </Button>
        )}
      </div>
      {retry.isError && <ErrorNote failure={retry.error} />}
      <TaskWaitsFor task={task} before={task.state === 'pending' ? upstreamUnderWay(task, run.tasks).join(',') : ''} />
      {task.error && <p className={styles.error}><Sentence text={task.error} /></p>}
      {task.error && <TestsLink task={task} definition={definition} />}
      <TaskFacts task={task} />
      <Attempts run={run.id} task={task} />
    </div>
  );
}

function TargetLink({ definition }: { definition: DagTask | undefined }) {
  const target = definition?.target;
  if (!target || target.type === 'source' || !target.name.includes('.')) return null;
  return <Link className="small" to={`/catalog/${target.name.replace('.', '/')}`}>{target.name}</Link>;
}

/** The rows that broke a test are told by key among the tests of its table. */
function TestsLink({ task, definition }: { task: TaskState; definition: DagTask | undefined }) {
  const t = useText();
  const table = definition?.target?.name;
  if (task.kind !== 'test' || !table?.includes('.')) return null;
  return <Link className="small" to={`/catalog/${table.replace('.', '/')}?tab=tests`}>{t('task.failingRows')}</Link>;
}

function TaskFacts({ task }: { task: TaskState }) {
  const t = useText();
  const lang = useLanguage();
  const first: Line[] = [];
  if (task.duration_ms !== null) first.push({ name: t('column.duration'), value: formatDuration(task.duration_ms, lang) });
  if (task.rows !== null) first.push({ name: t('column.rows'), value: formatInteger(task.rows, lang) });
  if (task.bytes !== null) first.push({ name: t('column.size'), value: formatBytes(task.bytes, lang) });
  return <Facts facts={task.facts} first={first} />;
}

function Attempts({ run, task }: { run: string; task: TaskState }) {
  const t = useText();
  const [search, setSearch] = useSearchParams();
  const attempts = useAttempts(run, task.task_id, `${task.attempt} ${task.state}`);
  if (attempts.isPending) return <Loading lines={4} />;
  if (!attempts.data) return <ErrorNote failure={attempts.error} onRetry={() => void attempts.refetch()} />;
  if (attempts.data.length === 0) return <p className="soft">{t('task.noAttempts')}</p>;
  const asked = Number(search.get('attempt'));
  const chosen = attempts.data.find((one) => one.attempt === asked) ?? attempts.data.at(-1);
  const choose = (attempt: number) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      next.set('attempt', String(attempt));
      return next;
    }, { replace: true, preventScrollReset: true });
  return (
    <section aria-label={t('task.attempts')} className={styles.attempts}>
      <ul className={styles.tabs}>
        {attempts.data.map((one) => (
          <li key={one.attempt}>
            <button type="button" className={cx(styles.tab, one === chosen && styles.chosen)} aria-pressed={one === chosen} onClick={() => choose(one.attempt)}>
              <StateMark state={one.state} label="hidden" /> {t('attempt.n', { n: one.attempt })}
              {one.started_at && <span className="soft"> <Ago at={one.started_at} /></span>}
            </button>
          </li>
        ))}
      </ul>
      {chosen?.error && chosen.error !== task.error && <p className={styles.error}><Sentence text={chosen.error} /></p>}
      {chosen && <LogView key={chosen.attempt} run={run} task={task.task_id} attempt={chosen.attempt} />}
    </section>
  );
}
