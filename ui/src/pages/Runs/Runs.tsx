import { Button, NativeSelect } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { useDags } from '../../api/dags';
import { useRuns } from '../../api/runs';
import type { RunState } from '../../api/types';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { Page } from '../../components/Page/Page';
import { RunTable } from '../../components/RunTable/RunTable';
import { useText } from '../../i18n';
import styles from './Runs.module.css';

const STATES: RunState[] = ['queued', 'running', 'success', 'failed', 'cancelled'];

export function Runs() {
  const t = useText();
  const [search, setSearch] = useSearchParams();
  const dag = search.get('dag') ?? undefined;
  const state = STATES.find((one) => one === search.get('state'));
  const dags = useDags();
  const choose = (name: string, value: string) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  return (
    <Page title={t('runs.title')}>
      <div className={styles.filters}>
        <NativeSelect
          label={t('runs.filter.dag')}
          value={dag ?? ''}
          onChange={(event) => choose('dag', event.currentTarget.value)}
          data={[{ value: '', label: t('runs.filter.all') }, ...(dags.data ?? []).map((one) => ({ value: one.id, label: one.id }))]}
        />
        <NativeSelect
          label={t('runs.filter.state')}
          value={state ?? ''}
          onChange={(event) => choose('state', event.currentTarget.value)}
          data={[{ value: '', label: t('runs.filter.all') }, ...STATES.map((one) => ({ value: one, label: t(`state.${one}`) }))]}
        />
      </div>
      <div className={styles.panel}>
        <RunList dag={dag} state={state} />
      </div>
    </Page>
  );
}

/** The runs that match, page by page. */
export function RunList({ dag, state }: { dag?: string; state?: RunState }) {
  const t = useText();
  const runs = useRuns({ dag, state });
  if (runs.isPending) return <Loading lines={8} />;
  if (!runs.data) return <ErrorNote failure={runs.error} onRetry={() => void runs.refetch()} />;
  const all = runs.data.pages.flatMap((page) => page.runs);
  if (all.length === 0) return <Empty title={t('runs.none')}>{t('runs.none.hint')}</Empty>;
  return (
    <>
      <RunTable runs={all} withDag={dag === undefined} caption={t('runs.title')} />
      {runs.hasNextPage && (
        <div className={styles.more}>
          <Button variant="default" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            {t('runs.more')}
          </Button>
        </div>
      )}
    </>
  );
}
