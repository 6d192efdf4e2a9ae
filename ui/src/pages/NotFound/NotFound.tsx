import { Link, useLocation } from 'react-router';
import { Empty } from '../../components/Empty/Empty';
import { Page } from '../../components/Page/Page';
import { useText } from '../../i18n';

export function NotFound() {
  const t = useText();
  const { pathname } = useLocation();
  return (
    <Page title={t('notFound.title')}>
      <Empty title={t('notFound.text', { path: pathname })}>
        <Link to="/">{t('nav.toHome')}</Link>
      </Empty>
    </Page>
  );
}
