import { useSample } from '../../api/catalog';
import type { TableDetail } from '../../api/types';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { SampleTable } from '../../components/SampleTable/SampleTable';
import { useText } from '../../i18n';

export function Sample({ table }: { table: TableDetail }) {
  const t = useText();
  const sample = useSample(table.schema, table.name);
  if (sample.isPending) return <Loading lines={12} />;
  if (!sample.data) return <ErrorNote failure={sample.error} onRetry={() => void sample.refetch()} />;
  if (sample.data.rows.length === 0) return <Empty title={t('table.sample.empty')} />;
  return <SampleTable sample={sample.data} caption={t('table.sample')} />;
}
