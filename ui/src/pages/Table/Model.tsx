import { useMemo } from 'react';
import type { TableDetail } from '../../api/types';
import { SqlText } from '../../components/SqlText/SqlText';
import { useText } from '../../i18n';
import { TableLinks } from './Lineage';
import styles from './Table.module.css';

export function Model({ model }: { model: NonNullable<TableDetail['model']> }) {
  const t = useText();
  const tables = useMemo(() => [...model.upstream, ...model.downstream], [model]);
  return (
    <>
      <div className={styles.lineage}>
        <TableLinks title={t('table.upstream')} tables={model.upstream} />
        <TableLinks title={t('table.downstream')} tables={model.downstream} />
        <div>
          <p className={styles.label}>{t('table.model')}</p>
          <code>{model.path}</code>
        </div>
      </div>
      <SqlText sql={model.sql} tables={tables} label={t('table.model')} />
    </>
  );
}
