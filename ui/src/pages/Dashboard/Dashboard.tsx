import { Button } from '@mantine/core';
import { useParams, useSearchParams } from 'react-router';
import { useDashboard, useDashboardData } from '../../api/dashboards';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { Page } from '../../components/Page/Page';
import { TileView } from '../../components/Tile/TileView';
import { localized, useLanguage, useText } from '../../i18n';
import styles from './Dashboard.module.css';

export function DashboardPage() {
  const { dashboardId = '' } = useParams();
  // Another dashboard is another page: nothing of the former may stay.
  return <DashboardContent key={dashboardId} id={dashboardId} />;
}

function DashboardContent({ id }: { id: string }) {
  const t = useText();
  const lang = useLanguage();
  const dashboard = useDashboard(id);
  const data = useDashboardData(id);
  const [search, setSearch] = useSearchParams();
  const asTables = new Set((search.get('table') ?? '').split(',').filter(Boolean));

  const toggle = (tile: string) => {
    const next = toggled(asTables, tile);
    setSearch(next.size === 0 ? {} : { table: [...next].join(',') }, { replace: true, preventScrollReset: true });
  };
  const title = dashboard.data ? localized(dashboard.data.title, lang) : id;
  return (
    <Page
      wide
      title={title}
      crumbs={[{ to: '/dashboards', text: t('dashboards.title') }]}
      lead={dashboard.data && localized(dashboard.data.description, lang)}
      actions={dashboard.data && <Button variant="default" loading={data.loading} onClick={() => data.reload()}>{t('dashboard.refresh')}</Button>}
    >
      {dashboard.isPending && <Loading lines={10} />}
      {dashboard.isError && !dashboard.data && <ErrorNote failure={dashboard.error} onRetry={() => void dashboard.refetch()} />}
      {dashboard.data && data.failure ? <ErrorNote title={t('dashboard.failed')} failure={data.failure} onRetry={() => data.reload()} /> : null}
      <div className={styles.grid}>
        {dashboard.data?.tiles.map((tile) => (
          <TileView key={tile.id} tile={tile} data={data.tiles.get(tile.id)} asTable={asTables.has(tile.id)} onToggle={() => toggle(tile.id)} />
        ))}
      </div>
    </Page>
  );
}

function toggled(chosen: Set<string>, one: string): Set<string> {
  const next = new Set(chosen);
  if (!next.delete(one)) next.add(one);
  return next;
}
