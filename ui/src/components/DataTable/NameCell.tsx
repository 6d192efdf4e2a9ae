import type { ReactNode } from 'react';
import { Tag } from '../Tag/Tag';
import { useText } from '../../i18n';
import styles from './NameCell.module.css';

/** What a row is of: a name, however long, and what marks it. */
export function NameCell({ children }: { children: ReactNode }) {
  return <th scope="row" className={styles.name}>{children}</th>;
}

/** A column of a table or batch, marked if it is personal data. */
export function ColumnCell({ name, personal, children }: { name: string; personal: boolean | null; children?: ReactNode }) {
  return (
    <NameCell>
      {name}
      {children}
      {personal && <PersonalMark />}
    </NameCell>
  );
}

function PersonalMark() {
  const t = useText();
  return (
    <Tag title={t('table.personal.long')}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <circle cx="6" cy="3.5" r="2.4" fill="currentColor" />
        <path d="M1.2 11.2a4.8 4.6 0 0 1 9.6 0z" fill="currentColor" />
      </svg>
      {t('table.personal')}
    </Tag>
  );
}
