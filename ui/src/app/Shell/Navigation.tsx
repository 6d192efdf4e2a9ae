import { NavLink } from 'react-router';
import type { ReactNode } from 'react';
import type { Health } from '../../api/types';
import { cx } from '../../components/cx';
import { Logo } from '../../components/Logo/Logo';
import { useText, type TextKey } from '../../i18n';
import { Preferences } from './Preferences';
import styles from './Shell.module.css';

const WAYS: { to: string; text: TextKey; icon: ReactNode }[] = [
  { to: '/', text: 'nav.home', icon: <path d="M3 9.5 10 4l7 5.5V16a1 1 0 0 1-1 1h-4v-4H8v4H4a1 1 0 0 1-1-1z" /> },
  { to: '/dags', text: 'nav.dags', icon: <><rect x="2.5" y="7.5" width="5" height="5" rx="1.2" /><rect x="12.5" y="3" width="5" height="5" rx="1.2" /><rect x="12.5" y="12" width="5" height="5" rx="1.2" /><path d="M7.5 10h2.3V5.500h2.700M9.8 10v4.500h2.7" /></> },
  { to: '/runs', text: 'nav.runs', icon: <><circle cx="10" cy="10" r="7" /><path d="m8.500 7 4.500 3-4.500 3z" /></> },
  { to: '/catalog', text: 'nav.catalog', icon: <><ellipse cx="10" cy="5" rx="6.5" ry="2.5" /><path d="M3.5 5v10c0 1.4 2.9 2.5 6.5 2.500s6.5-1.1 6.5-2.500V5M3.5 10c0 1.4 2.9 2.5 6.5 2.500s6.5-1.1 6.5-2.5" /></> },
  { to: '/batches', text: 'nav.batches', icon: <><path d="m10 3 7 3.500-7 3.500-7-3.500z" /><path d="m3 10 7 3.500 7-3.500M3 13.500 10 17l7-3.500" /></> },
  { to: '/sql', text: 'nav.sql', icon: <><rect x="2.5" y="3.5" width="15" height="13" rx="1.8" /><path d="m6 8 2.5 2L6 12M10.5 12.500H14" /></> },
  { to: '/dashboards', text: 'nav.dashboards', icon: <path d="M3 17h14M5 14v-4M9 14V5M13 14V8M16.5 14v-2.5" /> },
];

export function Navigation({ user, health }: { user: string | undefined; health: Health | undefined }) {
  const t = useText();
  return (
    <header className={cx(styles.side, 'screen-only')}>
      <div className={styles.brand}>
        <NavLink to="/" className={styles.logo} aria-label={t('nav.toHome')}>
          <Logo />
          <span>Écluse</span>
        </NavLink>
        {health && (
          <p className={styles.project}>
            <span className={styles.projectName}>{health.project}</span>
            <span className={styles.environment}>{health.environment}</span>
          </p>
        )}
      </div>
      <nav className={styles.ways} aria-label={t('nav.main')}>
        <ul>
          {WAYS.map((way) => (
            <li key={way.to}>
              <NavLink to={way.to} end={way.to === '/'} className={({ isActive }) => (isActive ? styles.here : '')}>
                <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
                  {way.icon}
                </svg>
                <span>{t(way.text)}</span>
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles.preferences}>
        <Preferences user={user} version={health?.version} />
      </div>
    </header>
  );
}
