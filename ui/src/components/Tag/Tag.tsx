import type { ReactNode } from 'react';
import { cx } from '../cx';
import styles from './Tag.module.css';

export type Tone = 'brass' | 'water' | 'plain';

/** A word that marks what stands before it. */
export function Tag({ children, title, tone = 'brass' }: { children: ReactNode; title?: string; tone?: Tone }) {
  return <> <span className={cx(styles.tag, styles[tone])} title={title}>{children}</span></>;
}
