import { useRouteError } from 'react-router';
import { ErrorNote } from '../components/ErrorNote/ErrorNote';
import { Page } from '../components/Page/Page';
import { useText } from '../i18n';

/** A page that failed to load (a chunk that is no longer there after an update, say) or to render. */
export function Crash() {
  const t = useText();
  const failure = useRouteError();
  return (
    <Page title={t('crash.title')}>
      <ErrorNote failure={failure} onRetry={() => window.location.reload()} />
    </Page>
  );
}
