import { useMemo } from 'react';
import { Link } from 'react-router';
import type { TableDetail } from '../../api/types';
import { SqlText } from '../../components/SqlText/SqlText';
import { useText } from '../../i18n';
import styles from './Table.module.css';

export function Model({ model }: { model: NonNullable<TableDetail['model']> }) {
  const t = useText();
  const tables = useMemo(() => [...model.upstream, ...model.downstream], [model]);
  return (
    <>
      <div className={styles.lineage}>
        <Lineage title={t('table.upstream')} tables={model.upstream} />
        <Lineage title={t('table.downstream')} tables={model.downstream} />
        <div>
          <p className={styles.label}>{t('table.model')}</p>
          <code>{model.path}</code>
        </div>
      </div>
      <SqlText sql={model.sql} tables={tables} label={t('table.model')} />
    </>
  );
}

function Lineage({ title, tables }: { title: string; tables: string[] }) {
  return (
    <div>
      <p className={styles.label}>{title}</p>
      {tables.length === 0 ? '–' : (
        <ul>
          {tables.map((name) => (
            <li key={name}>
              <Link to={`/catalog/${name.replace('.', '/')}`}>{name}</Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
