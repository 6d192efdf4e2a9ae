import { Link, useParams } from 'react-router';
import { batchPath, useBatch } from '../../api/batches';
import type { BatchDetail } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Facts } from '../../components/Facts/Facts';
import { Loading } from '../../components/Loading/Loading';
import { LeadFacts, Page, Section } from '../../components/Page/Page';
import { formatBytes, formatDuration, formatFull, formatInteger, formatMoment } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { ColumnTable, PartTable, ReasonTable } from './Tables';
import styles from './Batches.module.css';

/** One batch: what it is, how far one can trust it, what it cost. */
export function BatchPage() {
  const t = useText();
  const lang = useLanguage();
  const { source = '', stream = '', extract = '' } = useParams();
  const batch = useBatch(source, stream, extract);
  const name = `${source}.${stream}`;
  const at = batch.data ? formatMoment(batch.data.ended_at, lang) : extract;
  return (
    <Page
      title={t('batch.title', { stream: name, at })}
      crumbs={[
        { to: '/catalog', text: t('catalog.title') },
        { to: '/batches', text: t('batches.title') },
        { to: `/batches/${source}/${encodeURIComponent(stream)}`, text: name },
      ]}
      lead={batch.data && <Lead batch={batch.data} />}
    >
      {batch.isPending && <Loading lines={10} />}
      {batch.isError && !batch.data && <ErrorNote failure={batch.error} onRetry={() => void batch.refetch()} />}
      {batch.data && <Sections batch={batch.data} />}
    </Page>
  );
}

function Lead({ batch }: { batch: BatchDetail }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <LeadFacts>
      <span>{t('table.rows', { count: batch.rows, shown: formatInteger(batch.rows, lang) })}</span>
      <span>{formatBytes(batch.bytes, lang)}</span>
      <span title={formatFull(batch.ended_at, lang)}><Ago at={batch.ended_at} /></span>
      <span>{t('table.madeBy')} <Link to={batch.extract ? `/runs/${batch.run_id}?task=${encodeURIComponent(batch.extract.task_id)}` : `/runs/${batch.run_id}`}>{batch.run_id}</Link></span>
    </LeadFacts>
  );
}

function Sections({ batch }: { batch: BatchDetail }) {
  const t = useText();
  const { content } = batch;
  return (
    <>
      <Section title={t('batch.trust')}><Trust batch={batch} /></Section>
      {batch.rejected_rows > 0 && <Section title={t('batch.rejected.title')} flush><ReasonTable batch={batch} /></Section>}
      {batch.drift.length > 0 && (
        <Section title={t('batch.drift.title')}>
          <ul className={styles.drift}>{batch.drift.map((line) => <li key={line}>{line}</li>)}</ul>
        </Section>
      )}
      {batch.extract && Object.keys(batch.extract.receipt).length > 0 && (
        <Section title={t('batch.receipt')}>
          <div className={styles.receipt}>
            <p className="soft small">{t('batch.receipt.lead')}</p>
            <Facts facts={batch.extract.receipt} />
          </div>
        </Section>
      )}
      <Section title={t('batch.parts')} flush aside={<code className={styles.location}>{content.location}</code>}><PartTable parts={content.parts} /></Section>
      <Section title={t('table.columns')} flush><ColumnTable batch={batch} /></Section>
    </>
  );
}

/** What holds for the batch, each line a whole sentence. */
function Trust({ batch }: { batch: BatchDetail }) {
  const t = useText();
  const lang = useLanguage();
  const { content } = batch;
  const took = formatDuration(Date.parse(batch.ended_at) - Date.parse(batch.started_at), lang);
  const number = (value: number) => formatInteger(value, lang);
  return (
    <dl className={styles.trust}>
      <div>
        <dt>{t('batch.moment')}</dt>
        <dd>
          {batch.one_moment ? t('batch.moment.one', { took }) : t('batch.moment.several', { took, shown: number(content.changed_rows ?? 0) })}
        </dd>
      </div>
      <div>
        <dt>{t('batch.comparison')}</dt>
        <dd>{t(`batch.comparison.${batch.compared_by}`)}</dd>
      </div>
      <div>
        <dt>{t('batch.range')}</dt>
        <dd>
          {content.increment === null && t('batch.range.all')}
          {content.increment && <Range batch={batch} increment={content.increment} />}
          {content.key_rows !== null && ` ${t('batch.range.keys', { shown: number(content.key_rows) })}`}
        </dd>
      </div>
      <div>
        <dt>{t('batch.rejected.title')}</dt>
        <dd>{batch.rejected_rows === 0 ? t('batch.rejected.none') : t('batch.rejected', { count: batch.rejected_rows, shown: number(batch.rejected_rows) })}</dd>
      </div>
      <div>
        <dt>{t('batch.drift.title')}</dt>
        <dd>{batch.drift.length === 0 ? t('batch.drift.none') : t('batch.drift', { count: batch.drift.length })}</dd>
      </div>
      <div>
        <dt>{t('fact.position')}</dt>
        <dd><code>{content.position || '–'}</code></dd>
      </div>
      <div>
        <dt>{t('batch.extractor')}</dt>
        <dd>{[content.extractor, ...content.formats].join(', ')}</dd>
      </div>
    </dl>
  );
}

function Range({ batch, increment }: { batch: BatchDetail; increment: NonNullable<BatchDetail['content']['increment']> }) {
  const t = useText();
  const { cursor, from, to, previous } = increment;
  return (
    <>
      {t(previous === null ? 'batch.range.first' : 'batch.range.more', { cursor })}{' '}
      {from !== null && <code>{from}</code>} {to !== null && <>{t('batch.range.to')} <code>{to}</code></>}
      {previous !== null && <> <Link to={batchPath({ ...batch, extract_id: previous })}>{t('batch.range.previous')}</Link></>}
    </>
  );
}
