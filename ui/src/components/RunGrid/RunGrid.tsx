import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Run, RunDetail } from '../../api/types';
import { formatDuration, formatMoment } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { cx } from '../cx';
import { StateMark, stateKey, toneOf } from '../StateMark/StateMark';
import type { TaskNode } from '../TaskGraph/layout';
import { move, type Place } from './move';
import styles from './RunGrid.module.css';

const ROW = 28;

interface RunGridProps {
  dag: string;
  tasks: TaskNode[];
  /** Oldest first. */
  runs: Run[];
  details: Map<string, RunDetail>;
}

/** Runs by tasks: one look tells since when a task fails. The arrow keys move, Enter opens. */
export function RunGrid({ dag, tasks, runs, details }: RunGridProps) {
  const t = useText();
  const lang = useLanguage();
  const navigate = useNavigate();
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<Place>({ row: 0, column: runs.length - 1 });
  const rows = useVirtualizer({ count: tasks.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 12 });
  const states = new Map([...details].map(([id, run]) => [id, new Map(run.tasks.map((task) => [task.task_id, task.state]))]));
  const longest = Math.max(1, ...runs.map((run) => run.duration_ms ?? 0));
  const columns = { gridTemplateColumns: `clamp(8rem, 30vw, 17rem) repeat(${runs.length}, 26px)` };
  const to = (place: Place) => `/runs/${runs[place.column]?.id}?task=${encodeURIComponent(tasks[place.row]?.id ?? '')}`;

  const onKeyDown = (event: React.KeyboardEvent) => {
    const next = move(active, event.key, { rows: tasks.length, columns: runs.length });
    if (next) {
      event.preventDefault();
      setActive(next);
      rows.scrollToIndex(next.row);
      // The row may have to be drawn before it can take the focus.
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-cell="${next.row} ${next.column}"]`)?.focus());
    } else if (event.key === 'Enter') {
      event.preventDefault();
      void navigate(to(active));
    }
  };

  return (
    <div className={styles.grid}>
      <div ref={box} className={styles.box} role="grid" aria-label={t('dag.grid.label', { dag })} aria-rowcount={tasks.length + 1} aria-colcount={runs.length + 1} tabIndex={-1} onKeyDown={onKeyDown}>
        <div role="row" className={cx(styles.row, styles.head)} style={columns} aria-rowindex={1}>
          <span role="columnheader" className={styles.corner}>{t('column.task')}</span>
          {runs.map((run) => {
            const name = `${formatMoment(run.logical_time, lang)}, ${t(stateKey(run.state))}, ${formatDuration(run.duration_ms ?? 0, lang)}`;
            return (
              <span role="columnheader" key={run.id} className={styles.run}>
                <Link to={`/runs/${run.id}`} title={name} aria-label={name}>
                  <span className={cx(styles.bar, styles[toneOf(run.state)])} style={{ height: 6 + (42 * (run.duration_ms ?? longest)) / longest }} />
                </Link>
              </span>
            );
          })}
        </div>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="rowgroup">
          {rows.getVirtualItems().map(({ index, start }) => {
            const task = tasks[index];
            if (!task) return null;
            return (
              <div key={task.id} role="row" aria-rowindex={index + 2} className={styles.row} style={{ ...columns, position: 'absolute', top: start, height: ROW }}>
                <span role="rowheader" className={styles.task} title={task.id}>{task.id}</span>
                {runs.map((run, column) => {
                  const state = states.get(run.id)?.get(task.id) ?? 'none';
                  const here = active.row === index && active.column === column;
                  return (
                    <span key={run.id} role="gridcell" className={styles.cell}>
                      <Link
                        to={to({ row: index, column })}
                        data-cell={`${index} ${column}`}
                        tabIndex={here ? 0 : -1}
                        onFocus={() => setActive({ row: index, column })}
                        title={t('dag.grid.cell', { task: task.id, run: formatMoment(run.logical_time, lang), state: t(stateKey(state)) })}
                        aria-label={t('dag.grid.cell', { task: task.id, run: formatMoment(run.logical_time, lang), state: t(stateKey(state)) })}
                      >
                        <StateMark state={state} label="none" size={15} />
                      </Link>
                    </span>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      <p className={styles.hint}>{t('dag.grid.hint')}</p>
    </div>
  );
}
