import type { LiveState } from '../../api/live';
import { useText } from '../../i18n';
import { cx } from '../cx';
import styles from './LiveMark.module.css';

/** Whether what is shown changes by itself. */
export function LiveMark({ state }: { state: LiveState }) {
  const t = useText();
  return (
    <span role="status" className={cx(styles.live, state === 'live' && styles.on)}>
      {state === 'off' ? '' : t(`live.${state}`)}
    </span>
  );
}
