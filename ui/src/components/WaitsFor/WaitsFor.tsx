import { Link } from 'react-router';
import type { Run, TaskState } from '../../api/types';
import { useText } from '../../i18n';
import { Ago } from '../Ago/Ago';
import { Sentence } from '../Sentence/Sentence';
import { obstacleOf } from './waits';

/** Why a run has not begun: the run it waits for, and why it has to. */
export function WaitsFor({ run }: { run: Run }) {
  const t = useText();
  if (run.state !== 'queued' || !run.waits_for) return null;
  const obstacle = obstacleOf(run.waits_for);
  if (!obstacle) return <p className="soft small">{run.waits_for}</p>;
  return (
    <p className="soft small">
      {t('waits.run')} <Link to={`/runs/${obstacle.run}`}>{obstacle.run}</Link>{obstacle.why === 'dag' && ' '}{t(obstacle.why === 'dag' ? 'waits.sameDag' : 'waits.sameTables')}
    </p>
  );
}

/** Why a task has not begun, or not again: a moment, tasks before it (comma-separated), or a free place. */
export function TaskWaitsFor({ task, before: under }: { task: TaskState; before: string }) {
  const t = useText();
  if (task.state === 'retrying' && task.next_attempt_at) {
    return <p className="soft small">{t('waits.again')} <Ago at={task.next_attempt_at} /></p>;
  }
  if (task.state === 'waiting' && task.next_attempt_at) {
    return <p className="soft small">{t('waits.elsewhere')} <Ago at={task.next_attempt_at} /></p>;
  }
  if (task.state === 'skipped' && task.facts.skipped_because) return <p className="soft small"><Sentence text={task.facts.skipped_because} /></p>;
  if (task.state === 'queued') return <p className="soft small">{t('waits.worker')}</p>;
  if (task.state !== 'pending') return null;
  const before = under.split(',').filter((id) => id !== '');
  if (before.length === 0) return null;
  const shown = before.slice(0, 3).join(', ');
  return <p className="soft small">{before.length > 3 ? t('waits.tasksMore', { tasks: shown, count: before.length - 3 }) : t('waits.tasks', { tasks: shown })}</p>;
}
