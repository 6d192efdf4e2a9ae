import { Link, useSearchParams } from 'react-router';
import { batchPath, useStreams } from '../../api/batches';
import type { StreamBatches } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { LeadFacts, Page, Section } from '../../components/Page/Page';
import { NameCell } from '../../components/DataTable/NameCell';
import { DataTable } from '../../components/DataTable/DataTable';
import { formatBytes, formatInteger } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { Findings } from './Findings';

/** The streams with the newest of their batches; those of one run if the address names one. */
export function BatchesPage() {
  const t = useText();
  const [search] = useSearchParams();
  const run = search.get('run') ?? undefined;
  const source = search.get('source') ?? undefined;
  const streams = useStreams({ source, run });
  const sources = [...new Set((streams.data ?? []).map((one) => one.source))];
  return (
    <Page title={t('batches.title')} crumbs={[{ to: '/catalog', text: t('catalog.title') }]} lead={<Lead run={run} source={source} />}>
      {streams.isPending && <Loading lines={10} />}
      {streams.isError && !streams.data && <ErrorNote failure={streams.error} onRetry={() => void streams.refetch()} />}
      {streams.data?.length === 0 && <Empty title={t('batches.none')}>{t('batches.none.hint')}</Empty>}
      {sources.map((name) => (
        <Section key={name} title={name} flush>
          <Streams source={name} streams={(streams.data ?? []).filter((one) => one.source === name)} />
        </Section>
      ))}
    </Page>
  );
}

function Lead({ run, source }: { run: string | undefined; source: string | undefined }) {
  const t = useText();
  return (
    <>
      <p>{t('batches.lead')}</p>
      {(run ?? source) && (
        <LeadFacts>
          {run && <span>{t('batches.ofRun')} <Link to={`/runs/${run}`}>{run}</Link></span>}
          {source && <span>{t('batches.ofSource', { source })}</span>}
          <Link to="/batches">{t('batches.all')}</Link>
        </LeadFacts>
      )}
    </>
  );
}

function Streams({ source, streams }: { source: string; streams: StreamBatches[] }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <DataTable label={source}>
      <thead>
        <tr>
          <th scope="col">{t('column.stream')}</th>
          <th scope="col">{t('column.lastBatch')}</th>
          <th scope="col" className="number">{t('column.rows')}</th>
          <th scope="col" className="number minor">{t('column.size')}</th>
          <th scope="col">{t('column.findings')}</th>
          <th scope="col" className="number minor">{t('column.batches')}</th>
        </tr>
      </thead>
      <tbody>
        {streams.map(({ stream, newest, batches }) => (
          <tr key={stream}>
            <NameCell><Link to={`/batches/${source}/${encodeURIComponent(stream)}`}>{stream}</Link></NameCell>
            <td><Link to={batchPath(newest)}><Ago at={newest.ended_at} /></Link></td>
            <td className="number">{formatInteger(newest.rows, lang)}</td>
            <td className="number soft minor">{formatBytes(newest.bytes, lang)}</td>
            <td><Findings batch={newest} /></td>
            <td className="number minor">{formatInteger(batches, lang)}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
