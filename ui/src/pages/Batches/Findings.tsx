import type { Batch } from '../../api/types';
import { cx } from '../../components/cx';
import { formatInteger } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import styles from './Batches.module.css';

/** What one should know of a batch at a glance: how it was compared, and what is unusual in it. */
export function Findings({ batch }: { batch: Batch }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <ul className={styles.findings}>
      <li className={cx(styles.finding, styles.good)}>{t(`batch.compared.${batch.compared_by}`)}</li>
      {!batch.one_moment && <li className={styles.finding}>{t('batch.moments')}</li>}
      {!batch.whole && <li className={styles.finding}>{t('batch.increment')}</li>}
      {batch.rejected_rows > 0 && <li className={cx(styles.finding, styles.warn)}>{t('batch.rejected', { count: batch.rejected_rows, shown: formatInteger(batch.rejected_rows, lang) })}</li>}
      {batch.changed_columns > 0 && <li className={cx(styles.finding, styles.warn)}>{t('batch.drift', { count: batch.changed_columns })}</li>}
    </ul>
  );
}
