import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useText } from '../../i18n';
import { cx } from '../cx';
import styles from './Page.module.css';

export interface Crumb {
  to: string;
  text: string;
}

interface PageProps {
  title: string;
  /** What stands in the heading when it is more than its text. */
  heading?: ReactNode;
  crumbs?: Crumb[];
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}

export function Page({ title, heading, crumbs, lead, actions, children, wide }: PageProps) {
  const t = useText();
  useEffect(() => {
    document.title = `${title} · Écluse`;
  }, [title]);
  return (
    <div className={cx(styles.page, wide && styles.wide)}>
      <header className={styles.header}>
        <div className={styles.titles}>
          {crumbs && (
            <nav aria-label={t('nav.crumbs')}>
              <ol className={styles.crumbs}>
                {crumbs.map((crumb) => (
                  <li key={crumb.to}>
                    <Link to={crumb.to}>{crumb.text}</Link>
                  </li>
                ))}
              </ol>
            </nav>
          )}
          <h1>{heading ?? title}</h1>
          {lead && <div className={styles.lead}>{lead}</div>}
        </div>
        {actions && <div className={cx(styles.actions, 'screen-only')}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** Short facts below a title, side by side as far as there is room. */
export function LeadFacts({ children }: { children: ReactNode }) {
  return <p className={styles.facts}>{children}</p>;
}

/** `label`: its name among the landmarks of a page, if another has the same title. */
export function Section({ title, label = title, aside, children, flush }: { title: string; label?: string; aside?: ReactNode; children: ReactNode; flush?: boolean }) {
  return (
    <section className={styles.section} aria-label={label}>
      <div className={styles.sectionHead}>
        <h2>{title}</h2>
        {aside}
      </div>
      <div className={cx(styles.panel, !flush && styles.padded)}>{children}</div>
    </section>
  );
}
