import { SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { Link, useSearchParams } from 'react-router';
import { kindOf, useLanguage, useText } from '../../i18n';
import { Loading } from '../Loading/Loading';
import { StateMark } from '../StateMark/StateMark';
import type { TaskNode } from './layout';
import { DataTable } from '../DataTable/DataTable';
import styles from './TaskViews.module.css';

const TaskGraph = lazy(async () => ({ default: (await import('./TaskGraph')).TaskGraph }));

interface TaskViewsProps {
  tasks: TaskNode[];
  /** Where a task leads. */
  to: (task: string) => string;
  onOpen: (task: string) => void;
}

/** The graph and its twin, a list; on a phone the list comes first. The choice is in the address. */
export function TaskViews({ tasks, to, onOpen }: TaskViewsProps) {
  const t = useText();
  const phone = useMediaQuery('(max-width: 760px)') ?? false;
  const [search, setSearch] = useSearchParams();
  const view = search.get('view') ?? (phone ? 'list' : 'graph');
  return (
    <div className={styles.views}>
      <SegmentedControl
        size="xs"
        aria-label={t('graph.view')}
        className={styles.choice}
        value={view}
        onChange={(chosen) => setSearch((before) => { const next = new URLSearchParams(before); next.set('view', chosen); return next; }, { replace: true, preventScrollReset: true })}
        data={[
          { value: 'graph', label: t('graph.view.graph') },
          { value: 'list', label: t('graph.view.list') },
        ]}
      />
      <div className={styles.panel}>
        {view === 'list' ? <TaskList tasks={tasks} to={to} /> : (
          <Suspense fallback={<Loading lines={8} height={36} />}>
            <TaskGraph tasks={tasks} onOpen={onOpen} />
          </Suspense>
        )}
      </div>
    </div>
  );
}

function TaskList({ tasks, to }: { tasks: TaskNode[]; to: (task: string) => string }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <DataTable label={t('run.tasks')}>
      <thead>
        <tr>
          <th scope="col">{t('column.task')}</th>
          <th scope="col">{t('column.kind')}</th>
          <th scope="col">{t('column.state')}</th>
          <th scope="col" className="minor">{t('column.upstream')}</th>
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <tr key={task.id}>
            <th scope="row"><Link to={to(task.id)}>{task.id}</Link></th>
            <td className="soft">{kindOf(task, lang)}</td>
            <td>{task.state ? <StateMark state={task.state} /> : '–'}</td>
            <td className="soft clip minor" title={task.upstream.join(', ')}>{task.upstream.join(', ') || '–'}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
