import { memo } from 'react';
import { Link } from 'react-router';
import type { RunDetail, TaskState } from '../../api/types';
import { formatBytes, formatDuration, formatInteger } from '../../format/format';
import { kindOf, useLanguage, useText } from '../../i18n';
import { useNow } from '../Ago/useNow';
import { cx } from '../cx';
import { Sentence } from '../Sentence/Sentence';
import { StateMark, toneOf } from '../StateMark/StateMark';
import { TaskWaitsFor } from '../WaitsFor/WaitsFor';
import { upstreamUnderWay } from '../WaitsFor/waits';
import styles from './TaskTable.module.css';
import { barOf, spanOf, type Span } from './timeline';
import { TableBox } from '../TableBox/TableBox';

/** The tasks of a run, each with its place in the run's time. */
export function TaskTable({ run, tasks, to }: { run: RunDetail; tasks: TaskState[]; to: (task: string) => { search: string } }) {
  const t = useText();
  const now = useNow(run.ended_at === null ? 1000 : 60_000);
  const span = spanOf(run, run.ended_at === null ? now : 0);
  return (
    <TableBox label={t('run.tasks')}>
      <table className={cx('table', styles.tasks)}>
        <caption className="visually-hidden">{t('run.tasks')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('column.task')}</th>
            <th scope="col">{t('column.state')}</th>
            <th scope="col" className={styles.timeline}>{t('column.timeline')}</th>
            <th scope="col" className="number">{t('column.duration')}</th>
            <th scope="col" className="number minor">{t('column.rows')}</th>
            <th scope="col" className="number minor">{t('column.size')}</th>
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            // A task that has ended no longer changes with the clock, so its row is not drawn again.
            <TaskRow key={task.task_id} task={task} before={task.state === 'pending' ? upstreamUnderWay(task, run.tasks).join(',') : ''} span={span} now={task.started_at !== null && task.ended_at === null ? now : 0} search={to(task.task_id).search} />
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

/** A test that found nothing wrong, or a publication, has no number of rows to show. */
function hasRows(task: TaskState): boolean {
  return task.rows !== null && (task.rows > 0 || (task.ended_at !== null && task.counts_rows === true));
}

const TaskRow = memo(function TaskRow({ task, before, span, now, search }: { task: TaskState; before: string; span: Span; now: number; search: string }) {
  const t = useText();
  const lang = useLanguage();
  const bar = barOf(task, span, now);
  const took = task.duration_ms ?? (task.started_at && now > 0 ? now - Date.parse(task.started_at) : null);
  return (
    <tr>
      <th scope="row" className={styles.name}>
        <Link to={{ search }} preventScrollReset>{task.task_id}</Link>
        <span className={styles.kind}>{kindOf(task, lang)}</span>
        {task.error && <p className={styles.error}><Sentence text={task.error} /></p>}
      </th>
      <td>
        <StateMark state={task.state} />
        <TaskWaitsFor task={task} before={before} />
        {task.attempt > 1 && <span className={styles.attempt}>{t('attempt.n', { n: task.attempt })}</span>}
      </td>
      <td className={styles.timeline}>
        <div className={styles.track}>
          {bar && (
            <div className={cx(styles.bar, styles[toneOf(task.state)])} style={{ left: `${bar.left}%`, width: `${bar.width}%` }} />
          )}
        </div>
        {task.state === 'running' && task.progress && task.progress.total > 0 && (
          <progress className={styles.progress} value={task.progress.done} max={task.progress.total} aria-label={t('run.progress', { done: formatInteger(task.progress.done, lang), total: formatInteger(task.progress.total, lang) })} />
        )}
      </td>
      <td className="number">{took === null ? '–' : formatDuration(Math.max(0, took), lang)}</td>
      <td className="number minor">{hasRows(task) ? formatInteger(task.rows ?? 0, lang) : '–'}</td>
      <td className="number soft minor">{task.bytes ? formatBytes(task.bytes, lang) : '–'}</td>
    </tr>
  );
});
