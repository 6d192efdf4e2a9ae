import type { ReactNode } from 'react';
import styles from './Empty.module.css';

/** Nothing here yet, and what brings something here. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <svg width="64" height="30" viewBox="0 0 64 30" aria-hidden="true" focusable="false">
        <path d="M22 4v24M42 4v24M22 6l20 9M42 6 22 15" fill="none" stroke="var(--brass-line)" strokeWidth="2" strokeLinecap="round" />
        <path d="M2 16c4-3 6 3 10 0s6 3 10 0M42 24c4-3 6 3 10 0s6 3 10 0" fill="none" stroke="var(--water)" strokeWidth="2" strokeLinecap="round" />
      </svg>
      <p className={styles.title}>{title}</p>
      {children && <div className={styles.text}>{children}</div>}
    </div>
  );
}
