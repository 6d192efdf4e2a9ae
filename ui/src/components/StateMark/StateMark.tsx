import type { RunState, TaskRunState, QueryRunState, TableTest } from '../../api/types';
import { useText, type TextKey } from '../../i18n';
import { cx } from '../cx';
import styles from './StateMark.module.css';

export type AnyState = RunState | TaskRunState | QueryRunState | TableTest['state'] | 'none';
type Tone = 'good' | 'bad' | 'busy' | 'warn' | 'idle';

const stroke = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.7,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

const LOOK: Record<AnyState, { tone: Tone; shape: React.ReactNode }> = {
  success: { tone: 'good', shape: check() },
  done: { tone: 'good', shape: check() },
  passed: { tone: 'good', shape: check() },
  failed: { tone: 'bad', shape: cross() },
  running: { tone: 'busy', shape: chamber() },
  retrying: { tone: 'warn', shape: <path d="M12.4 5.6A5 5 0 1 0 13 9M12.8 2.6v3.2H9.6" {...stroke} /> },
  waiting: { tone: 'busy', shape: <><circle cx="8" cy="8" r="6" {...stroke} strokeDasharray="2 2.3" /><path d="M8 4.8V8l2.2 1.6" {...stroke} /></> },
  queued: { tone: 'idle', shape: <><circle cx="8" cy="8" r="6" {...stroke} /><path d="M8 4.8V8l2.2 1.6" {...stroke} /></> },
  pending: { tone: 'idle', shape: <circle cx="8" cy="8" r="5.5" {...stroke} /> },
  skipped: { tone: 'idle', shape: <path d="M3 4l4.5 4L3 12M8.5 4 13 8l-4.5 4" {...stroke} /> },
  cancelled: { tone: 'idle', shape: <><rect x="2.5" y="2.5" width="11" height="11" rx="2" {...stroke} /><path d="M5.5 8h5" {...stroke} /></> },
  expired: { tone: 'idle', shape: <><circle cx="8" cy="8" r="5.5" {...stroke} strokeDasharray="2 2.3" /><path d="M8 5v3l2 1.500" {...stroke} /></> },
  upstream_failed: { tone: 'bad', shape: <path d="M8 2.5 14 13H2zM8 6.5v3M8 11.2v.1" {...stroke} /> },
  never_run: { tone: 'idle', shape: <circle cx="8" cy="8" r="5.5" {...stroke} strokeDasharray="2 2.3" /> },
  none: { tone: 'idle', shape: <circle cx="8" cy="8" r="1.6" fill="currentColor" /> },
};

/** A state as a shape and a colour, with its name beside it or, in tight places, for screen readers only. */
export function StateMark({ state, label = 'shown', size = 16 }: { state: AnyState; label?: 'shown' | 'hidden' | 'none'; size?: number }) {
  const t = useText();
  const name = t(stateKey(state));
  return (
    <span className={cx(styles.mark, styles[LOOK[state].tone])} data-state={state}>
      <svg className={state === 'running' ? styles.running : undefined} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        {LOOK[state].shape}
      </svg>
      {label !== 'none' && <span className={label === 'hidden' ? 'visually-hidden' : undefined}>{name}</span>}
    </span>
  );
}

export function toneOf(state: AnyState): Tone {
  return LOOK[state].tone;
}

export function stateKey(state: AnyState): TextKey {
  return `state.${state}`;
}

function check() {
  return <><circle cx="8" cy="8" r="7" fill="currentColor" /><path d="m4.8 8.2 2.3 2.3 4.2-4.8" {...stroke} stroke="var(--surface)" /></>;
}

function cross() {
  return <><path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" /><path d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" {...stroke} stroke="var(--surface)" /></>;
}

/** The chamber of a lock, half full. */
function chamber() {
  return <><path d="M3 9.5h10V13H3z" fill="currentColor" className={styles.level} /><path d="M2.5 3v10.5h11V3" {...stroke} /></>;
}
