import { Link, useSearchParams } from 'react-router';
import type { RunDetail } from '../../api/types';
import { Sentence } from '../../components/Sentence/Sentence';
import { StateMark } from '../../components/StateMark/StateMark';
import { useText } from '../../i18n';
import styles from './Run.module.css';

const MOST = 5;

/** What failed comes first, wherever it stands among the tasks. */
export function FailedTasks({ run }: { run: RunDetail }) {
  const t = useText();
  const [search] = useSearchParams();
  const failed = run.tasks.filter((task) => task.state === 'failed');
  if (failed.length === 0) return null;
  const to = (task: string) => {
    const next = new URLSearchParams(search);
    next.set('task', task);
    return { search: next.toString() };
  };
  return (
    <section aria-label={t('run.failedTasks')} className={styles.failed}>
      <ul>
        {failed.slice(0, MOST).map((task) => (
          <li key={task.task_id}>
            <StateMark state={task.state} /> <Link to={to(task.task_id)} preventScrollReset>{task.task_id}</Link>
            {task.error && !run.error?.includes(task.error) && <p className={styles.why}><Sentence text={task.error} /></p>}
          </li>
        ))}
      </ul>
      {failed.length > MOST && <p className="soft small">{t('run.failedMore', { count: failed.length - MOST })}</p>}
    </section>
  );
}
