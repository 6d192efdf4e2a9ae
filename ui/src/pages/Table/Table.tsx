import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link, useParams } from 'react-router';
import { useTable } from '../../api/catalog';
import type { TableDetail } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { Broken } from '../../components/Broken/Broken';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { LeadFacts, Page } from '../../components/Page/Page';
import { TabLinks, useTab } from '../../components/TabLinks/TabLinks';
import { formatBytes, formatInteger } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { Columns } from './Columns';
import { Lineage } from './Lineage';
import { Sample } from './Sample';
import { Snapshots } from './Snapshots';
import { Tests } from './Tests';
import styles from './Table.module.css';

// The parser that colours its SQL is no small thing.
const Model = lazy(async () => ({ default: (await import('./Model')).Model }));

export function TablePage() {
  const t = useText();
  const { schema = '', table = '' } = useParams();
  const detail = useTable(schema, table);
  const name = `${schema}.${table}`;
  return (
    <Page
      title={name}
      crumbs={[{ to: '/catalog', text: t('catalog.title') }]}
      lead={detail.data && <TableFacts table={detail.data} />}
      actions={
        detail.data?.updated_at && (
          <Button component={Link} to={`/sql?sql=${encodeURIComponent(`select *\nfrom ${name}\nlimit 1000`)}`} state={{ run: true }} variant="default">
            {t('table.query')}
          </Button>
        )
      }
    >
      {detail.isPending && <Loading lines={10} />}
      {detail.isError && !detail.data && <ErrorNote failure={detail.error} onRetry={() => void detail.refetch()} />}
      {detail.data && <TableViews table={detail.data} />}
    </Page>
  );
}

function TableFacts({ table }: { table: TableDetail }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <>
      {table.description && <p>{table.description}</p>}
      <Broken broken={table.broken} />
      <LeadFacts>
        <span>{table.kind === 'table' || table.kind === 'view' ? t(`kind.${table.kind}`) : table.kind}</span>
        {table.rows !== null && <span>{t('table.rows', { count: table.rows, shown: formatInteger(table.rows, lang) })}</span>}
        {table.updated_at && table.bytes !== null && <span>{formatBytes(table.bytes, lang)}</span>}
        {table.updated_at && table.files !== null && <span>{t('table.files', { count: table.files })}</span>}
        {table.updated_at ? <Ago at={table.updated_at} /> : <span>{t('table.unpublished')}</span>}
        {table.run_id && <span>{t('table.madeBy')} <Link to={`/runs/${table.run_id}`}>{table.run_id}</Link></span>}
        {table.source && <Link to={`/batches/${table.source.name}/${encodeURIComponent(table.source.stream)}`}>{t('table.fromSource', { stream: table.source.stream, source: table.source.name })}</Link>}
      </LeadFacts>
    </>
  );
}

function TableViews({ table }: { table: TableDetail }) {
  const t = useText();
  const tab = useTab(['columns', 'sample', 'snapshots', 'tests', 'lineage', 'model'] as const);
  const tabs = [
    { id: 'columns', text: t('table.columns'), count: table.columns.length },
    ...(table.updated_at ? [{ id: 'sample', text: t('table.sample') }, { id: 'snapshots', text: t('table.snapshots') }] : []),
    { id: 'tests', text: t('table.tests'), count: table.tests.length },
    ...(table.programs.length + table.impact.length > 0 ? [{ id: 'lineage', text: t('table.lineage') }] : []),
    ...(table.model ? [{ id: 'model', text: t('table.model') }] : []),
  ];
  return (
    <>
      <TabLinks label={t('table.tabs')} tabs={tabs} chosen={tab} />
      <div className={styles.panel}>
        {tab === 'columns' && <Columns table={table} />}
        {tab === 'sample' && table.updated_at && <Sample table={table} />}
        {tab === 'snapshots' && table.updated_at && <Snapshots table={table} />}
        {tab === 'tests' && <Tests table={table} />}
        {tab === 'lineage' && <Lineage table={table} />}
        {tab === 'model' && table.model && (
          <Suspense fallback={<Loading lines={12} />}>
            <Model model={table.model} />
          </Suspense>
        )}
      </div>
    </>
  );
}
