import { Outlet, ScrollRestoration, useLocation } from 'react-router';
import { useEffect, useRef } from 'react';
import { useAllRunEvents } from '../../api/runs';
import { useHealth, useSession } from '../../api/session';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { useText } from '../../i18n';
import { SignIn } from '../../pages/SignIn/SignIn';
import { Navigation } from './Navigation';
import { ProblemsBanner } from './ProblemsBanner';
import { ServerBanner } from './ServerBanner';
import styles from './Shell.module.css';

/** What surrounds every page: ways, the banner when the server is away, and the sign-in when there is no session. */
export function Shell() {
  const t = useText();
  const session = useSession();
  const health = useHealth();
  const live = useAllRunEvents(Boolean(session.data));
  const main = useFocusOnNewPage();
  const { refetch } = session;
  const askHealth = health.refetch;
  useEffect(() => {
    // A stream that breaks is the first to tell that the server is gone.
    if (live === 'connecting' || live === 'lost') void askHealth();
  }, [live, askHealth]);
  useEffect(() => {
    // A session that has ended is the likeliest reason.
    if (live === 'lost') void refetch();
  }, [live, refetch]);

  if (session.data === null) return <><ServerBanner health={health} live="off" /><SignIn /></>;
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {t('nav.skip')}
      </a>
      <Navigation user={session.data?.user} health={health.data} />
      <div className={styles.content}>
        <ServerBanner health={health} live={live} />
        <ProblemsBanner signedIn={Boolean(session.data)} />
        <main id="main" ref={main} tabIndex={-1} className={styles.main}>
          {session.isPending ? <Loading lines={6} /> : session.data ? <Outlet /> : (
            <div className={styles.failure}>
              <ErrorNote failure={session.error} onRetry={() => void session.refetch()} />
            </div>
          )}
        </main>
      </div>
      <ScrollRestoration />
    </div>
  );
}

/** After a click on a link, the keyboard and the screen reader go on at the new page, not at the old link. */
function useFocusOnNewPage() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
