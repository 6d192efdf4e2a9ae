import { TextInput } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { useCatalog, useCompletions } from '../../api/catalog';
import type { Catalog, StagingStream, WarehouseTable } from '../../api/types';
import { Ago } from '../../components/Ago/Ago';
import { Empty } from '../../components/Empty/Empty';
import { ErrorNote } from '../../components/ErrorNote/ErrorNote';
import { Loading } from '../../components/Loading/Loading';
import { Page, Section } from '../../components/Page/Page';
import { formatBytes, formatInteger } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { NameCell } from '../../components/DataTable/NameCell';
import { Tag } from '../../components/Tag/Tag';
import { DataTable } from '../../components/DataTable/DataTable';
import styles from './Catalog.module.css';

export function CatalogPage() {
  const t = useText();
  const catalog = useCatalog();
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('find') ?? '';
  return (
    <Page title={t('catalog.title')} lead={t('catalog.lead')}>
      <TextInput
        type="search"
        className={styles.find}
        label={t('catalog.filter')}
        value={wanted}
        onChange={(event) => {
          const value = event.currentTarget.value;
          setSearch(value === '' ? {} : { find: value }, { replace: true, preventScrollReset: true });
        }}
      />
      {catalog.isPending && <Loading lines={10} />}
      {catalog.isError && !catalog.data && <ErrorNote failure={catalog.error} onRetry={() => void catalog.refetch()} />}
      {catalog.data && <Zones catalog={catalog.data} wanted={wanted.toLowerCase()} />}
    </Page>
  );
}

function Zones({ catalog, wanted }: { catalog: Catalog; wanted: string }) {
  const t = useText();
  const columns = useColumnsNamed(wanted);
  const schemas = catalog.zones
    .flatMap((zone) => (zone.name === 'warehouse' ? zone.schemas : []))
    .map((schema) => ({ ...schema, tables: schema.tables.filter((table) => `${schema.name}.${table.name}`.toLowerCase().includes(wanted) || columns.has(`${schema.name}.${table.name}`)) }))
    .filter((schema) => schema.tables.length > 0);
  const sources = catalog.zones
    .flatMap((zone) => (zone.name === 'staging' ? zone.sources : []))
    .map((source) => ({ ...source, streams: source.streams.filter((stream) => `${source.name}.${stream.name}`.toLowerCase().includes(wanted)) }))
    .filter((source) => source.streams.length > 0);
  if (wanted !== '' && schemas.length + sources.length === 0) return <Empty title={t('catalog.noMatch')} />;
  return (
    <>
      <h2 className={styles.zone}>{t('catalog.warehouse')} <span>{t('catalog.warehouse.lead')}</span></h2>
      {schemas.length === 0 && <Empty title={t('catalog.none')}>{t('catalog.none.hint')}</Empty>}
      {schemas.map((schema) => (
        <Section key={schema.name} title={schema.name} label={`${t('catalog.warehouse')}: ${schema.name}`} flush>
          <Tables schema={schema.name} tables={schema.tables} found={columns} />
        </Section>
      ))}
      {sources.length > 0 && <h2 className={styles.zone}>{t('catalog.staging')} <span>{t('catalog.staging.lead')} · <Link to="/batches">{t('catalog.allBatches')}</Link></span></h2>}
      {sources.map((source) => (
        <Section key={source.name} title={source.name} label={`${t('catalog.staging')}: ${source.name}`} flush>
          <Streams source={source.name} streams={source.streams} />
        </Section>
      ))}
    </>
  );
}

/** The columns of each table whose names hold what is looked for. */
function useColumnsNamed(wanted: string): Map<string, string[]> {
  const completions = useCompletions();
  if (wanted === '') return new Map();
  const found = (completions.data?.tables ?? []).map(({ name, columns }) => [name, columns.filter((column) => column.toLowerCase().includes(wanted))] as const);
  return new Map(found.filter(([, columns]) => columns.length > 0));
}

function Tables({ schema, tables, found }: { schema: string; tables: WarehouseTable[]; found: Map<string, string[]> }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <DataTable label={schema}>
      <thead>
        <tr>
          <th scope="col">{t('column.table')}</th>
          <th scope="col" className="minor">{t('column.description')}</th>
          <th scope="col" className="number">{t('column.rows')}</th>
          <th scope="col" className="number minor">{t('column.size')}</th>
          <th scope="col">{t('column.updated')}</th>
        </tr>
      </thead>
      <tbody>
        {tables.map((table) => (
          <tr key={table.name}>
            <NameCell>
              <Link to={`/catalog/${schema}/${table.name}`}>{table.name}</Link>
              {table.kind === 'view' && <Tag tone="plain">{t('kind.view')}</Tag>}
              <FoundColumns columns={found.get(`${schema}.${table.name}`) ?? []} />
            </NameCell>
            <td className="soft clip minor" title={table.description ?? undefined}>{table.description ?? '–'}</td>
            <td className="number">{table.rows === null ? '–' : formatInteger(table.rows, lang)}</td>
            <td className="number soft minor">{table.bytes === null ? '–' : formatBytes(table.bytes, lang)}</td>
            <td className="soft">{table.updated_at ? <Ago at={table.updated_at} /> : '–'}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}

const MOST_COLUMNS = 6;

function FoundColumns({ columns }: { columns: string[] }) {
  if (columns.length === 0) return null;
  return <p className="soft small mono">{columns.slice(0, MOST_COLUMNS).join(', ')}{columns.length > MOST_COLUMNS && ', …'}</p>;
}

function Streams({ source, streams }: { source: string; streams: StagingStream[] }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <DataTable label={source}>
      <thead>
        <tr>
          <th scope="col">{t('column.stream')}</th>
          <th scope="col" className="number minor">{t('column.batches')}</th>
          <th scope="col" className="number">{t('column.rows')}</th>
          <th scope="col" className="number minor">{t('column.size')}</th>
          <th scope="col">{t('column.lastBatch')}</th>
        </tr>
      </thead>
      <tbody>
        {streams.map((stream) => (
          <tr key={stream.name}>
            <NameCell><Link to={`/batches/${source}/${encodeURIComponent(stream.name)}`}>{stream.name}</Link></NameCell>
            <td className="number minor">{formatInteger(stream.batches, lang)}</td>
            <td className="number">{stream.rows === null ? '–' : formatInteger(stream.rows, lang)}</td>
            <td className="number soft minor">{stream.bytes === null ? '–' : formatBytes(stream.bytes, lang)}</td>
            <td className="soft">{stream.last_batch_at ? <Ago at={stream.last_batch_at} /> : '–'}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}
