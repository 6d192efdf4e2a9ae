import { useText } from '../../i18n';
import styles from './Loading.module.css';

/** The shape of what is coming. It is announced once and takes the room that its successor will need. */
export function Loading({ lines = 5, height = 18 }: { lines?: number; height?: number }) {
  const t = useText();
  return (
    <div className={styles.loading} role="status">
      <span className="visually-hidden">{t('state.loading')}</span>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} className={styles.bar} style={{ height, width: `${92 - ((i * 17) % 38)}%` }} />
      ))}
    </div>
  );
}
