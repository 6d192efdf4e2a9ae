import { ActionIcon, Tooltip } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import type { Tile, TileData } from '../../api/types';
import { formatInteger, formatTile } from '../../format/format';
import { localized, useLanguage, useText } from '../../i18n';
import { Ago } from '../Ago/Ago';
import { placesOf, pointsOf } from '../Chart/points';
import { cx } from '../cx';
import { Empty } from '../Empty/Empty';
import { ErrorBodyNote, Problem } from '../ErrorNote/ErrorNote';
import { Loading } from '../Loading/Loading';
import { SampleTable } from '../SampleTable/SampleTable';
import { formattedRows } from './twin';
import styles from './TileView.module.css';

const Chart = lazy(async () => ({ default: (await import('../Chart/Chart')).Chart }));

interface TileViewProps {
  tile: Tile;
  data: TileData | undefined;
  asTable: boolean;
  onToggle: () => void;
}

/** One question and its answer: drawn or as a table, with its age, its tables and its query. */
export function TileView({ tile, data, asTable, onToggle }: TileViewProps) {
  const t = useText();
  const lang = useLanguage();
  const title = localized(tile.title, lang) || tile.id;
  const note = localized(tile.note, lang);
  const drawn = tile.kind !== 'number' && tile.kind !== 'table';
  return (
    <section className={cx(styles.tile, tile.kind === 'number' && styles.small)} style={{ '--span': Math.max(1, Math.min(12, tile.width ?? 6)) } as React.CSSProperties} aria-label={title} aria-busy={data === undefined}>
      <div className={styles.head}>
        <h2>{title}</h2>
        {drawn && data?.state === 'ok' && (
          <Tooltip label={t(asTable ? 'dashboard.chart' : 'dashboard.table')}>
            <ActionIcon variant="subtle" aria-pressed={asTable} aria-label={`${t('dashboard.view', { title })} ${t('dashboard.table')}`} onClick={onToggle}>
              <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false" fill="none" stroke="currentColor" strokeWidth="1.5">
                {asTable ? <path d="M2 14h12M4 11.500V8M8 11.500V3M12 11.500V6" /> : <path d="M2 3h12v10H2zM2 6.500h12M2 9.800h12M6.5 3v10" />}
              </svg>
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <div className={styles.body}>
        <TileBody tile={tile} data={data} title={title} asTable={asTable} />
      </div>
      {note && <p className={styles.note}>{note}</p>}
      <TileFoot tile={tile} data={data} title={title} />
    </section>
  );
}

function TileBody({ tile, data, title, asTable }: { tile: Tile; data: TileData | undefined; title: string; asTable: boolean }) {
  const t = useText();
  const lang = useLanguage();
  if (!data) return <Loading lines={tile.kind === 'number' ? 1 : 7} height={tile.kind === 'number' ? 36 : 18} />;
  if (data.state === 'error') return <div className={styles.error}><ErrorBodyNote title={t('dashboard.tileFailed')} body={data.error} /></div>;
  const places = placesOf(tile, data.columns);
  if ('missing' in places && tile.kind !== 'table') {
    const columns = data.columns.map((column) => column.name).join(', ');
    return <div className={styles.error}><Problem title={t('dashboard.tileFailed')} message={t('dashboard.noColumn', { column: places.missing, columns })} hint={t('dashboard.noColumn.hint')} /></div>;
  }
  if (data.rows.length === 0) return <Empty title={t('dashboard.noRows')} />;
  if (tile.kind === 'number') {
    const shown = formatTile(data.rows[0]?.['y' in places ? places.y : 0], tile.format, tile.unit, lang);
    return <p className={styles.number} style={{ '--characters': Math.max(4, shown.length) } as React.CSSProperties}>{shown}</p>;
  }
  const { repeated } = pointsOf(tile, data.columns, data.rows, lang);
  if (tile.kind === 'table' || asTable) return <div className={styles.table}><SampleTable sample={formattedRows(tile, data, lang)} caption={title} /></div>;
  return (
    <Suspense fallback={<Loading lines={7} />}>
      <Chart tile={tile} columns={data.columns} rows={data.rows} label={t('dashboard.chartOf', { title, points: formatInteger(data.rows.length, lang) })} />
      {repeated && tile.kind !== 'scatter' && <p className={styles.note}>{t('dashboard.repeated')}</p>}
    </Suspense>
  );
}

function TileFoot({ tile, data, title }: { tile: Tile; data: TileData | undefined; title: string }) {
  const t = useText();
  return (
    <p className={styles.foot}>
      {data?.state === 'ok' && data.as_of && (
        <span>{t('dashboard.asOf')} <Ago at={data.as_of} /></span>
      )}
      {data?.state === 'ok' && data.tables.map((name) => <Link key={name} to={`/catalog/${name.replace('.', '/')}`}>{name}</Link>)}
      <Link to={`/sql?sql=${encodeURIComponent(tile.query.trim())}`} state={{ run: true }} aria-label={`${t('dashboard.openSql')}: ${title}`}>{t('dashboard.openSql')}</Link>
    </p>
  );
}
