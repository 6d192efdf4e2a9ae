import { Link, useParams } from 'react-router';
import { batchPath, useBatches } from '../../api/batches';
import type { Batch } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { Page, Section } from '../../components/Page/Page';
import { DataTable } from '../../components/DataTable/DataTable';
import { formatBytes, formatDuration, formatInteger, formatMoment } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { Findings } from './Findings';
import styles from './Batches.module.css';

/** All batches of one stream, the newest first. */
export function StreamPage() {
  const t = useText();
  const { source = '', stream = '' } = useParams();
  const batches = useBatches(source, stream);
  return (
    <Page
      title={`${source}.${stream}`}
      crumbs={[{ to: '/catalog', text: t('catalog.title') }, { to: '/batches', text: t('batches.title') }]}
      lead={t('batches.lead')}
    >
      {batches.isPending && <Loading lines={8} />}
      {batches.isError && !batches.data && <ErrorNote failure={batches.error} onRetry={() => void batches.refetch()} />}
      {batches.data?.length === 0 && <Empty title={t('batches.none')}>{t('batches.none.hint')}</Empty>}
      {batches.data && batches.data.length > 0 && <Section title={t('batches.title')} flush><List batches={batches.data} /></Section>}
    </Page>
  );
}

function List({ batches }: { batches: Batch[] }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <DataTable label={t('batches.title')}>
      <thead>
        <tr>
          <th scope="col">{t('column.batch')}</th>
          <th scope="col" className="number">{t('column.rows')}</th>
          <th scope="col" className="number minor">{t('column.size')}</th>
          <th scope="col" className="number minor">{t('column.duration')}</th>
          <th scope="col">{t('column.findings')}</th>
          <th scope="col" className="minor">{t('column.run')}</th>
        </tr>
      </thead>
      <tbody>
        {batches.map((batch) => (
          <tr key={batch.extract_id}>
            <th scope="row" className={styles.when}>
              <Link to={batchPath(batch)} title={batch.extract_id}>{formatMoment(batch.ended_at, lang)}</Link>
              <span className="soft small"> <Ago at={batch.ended_at} /></span>
            </th>
            <td className="number">{formatInteger(batch.rows, lang)}</td>
            <td className="number soft minor">{formatBytes(batch.bytes, lang)}</td>
            <td className="number soft minor">{formatDuration(Date.parse(batch.ended_at) - Date.parse(batch.started_at), lang)}</td>
            <td><Findings batch={batch} /></td>
            <td className="minor"><Link to={`/runs/${batch.run_id}`}>{batch.run_id}</Link></td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
