import { Button } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { ApiError } from '../../api/client';
import type { LiveState } from '../../api/live';
import type { useHealth } from '../../api/session';
import { Ago } from '../../components/Ago/Ago';
import { Sentence } from '../../components/Sentence/Sentence';
import { useText } from '../../i18n';
import styles from './Shell.module.css';

/** Says when the browser is offline, the server does not answer, or live states have stopped coming. */
export function ServerBanner({ health, live }: { health: ReturnType<typeof useHealth>; live: LiveState }) {
  const t = useText();
  const online = useOnline();
  const away = health.isError;
  const unready = health.error instanceof ApiError ? health.error : null;
  const message = !online ? t('banner.offline') : unready ? t('banner.unready') : away ? t('banner.away') : live === 'lost' ? t('banner.notLive') : null;
  return (
    <div aria-live="assertive" className="screen-only">
      {message !== null && (
        <div className={styles.banner}>
          <span>
            {message}{' '}
            {unready && <Sentence text={unready.message} />}{' '}
            {away && health.dataUpdatedAt > 0 && (
              <>
                {t('banner.lastSeen')} <Ago at={new Date(health.dataUpdatedAt).toISOString()} />
              </>
            )}
          </span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => (live === 'lost' && !away ? window.location.reload() : void health.refetch())}
          >
            {t('action.tryAgain')}
          </Button>
        </div>
      )}
    </div>
  );
}

function useOnline(): boolean {
  return useSyncExternalStore(
    (tell) => {
      window.addEventListener('online', tell);
      window.addEventListener('offline', tell);
      return () => {
        window.removeEventListener('online', tell);
        window.removeEventListener('offline', tell);
      };
    },
    () => navigator.onLine,
  );
}
