import { Link } from 'react-router';
import { useDashboards } from '../../api/dashboards';
import { Broken } from '../../components/Broken/Broken';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { Page } from '../../components/Page/Page';
import { localized, useLanguage, useText } from '../../i18n';
import styles from './Dashboards.module.css';

export function Dashboards() {
  const t = useText();
  const lang = useLanguage();
  const dashboards = useDashboards();
  return (
    <Page title={t('dashboards.title')} lead={t('dashboards.lead')}>
      {dashboards.isPending && <Loading lines={5} height={32} />}
      {dashboards.isError && <ErrorNote failure={dashboards.error} onRetry={() => void dashboards.refetch()} />}
      {dashboards.data?.length === 0 && <Empty title={t('dashboards.none')}>{t('dashboards.none.hint')}</Empty>}
      <ul className={styles.list}>
        {dashboards.data?.map((dashboard) => (
          <li key={dashboard.id} className={styles.card}>
            <h2>
              <Link to={`/dashboards/${dashboard.id}`}>{localized(dashboard.title, lang)}</Link>
            </h2>
            <p className="soft">{localized(dashboard.description, lang)}</p>
            {dashboard.broken ? <Broken broken={dashboard.broken} /> : <p className="soft small">{t('dashboards.tiles', { count: dashboard.tiles })}</p>}
          </li>
        ))}
      </ul>
    </Page>
  );
}
