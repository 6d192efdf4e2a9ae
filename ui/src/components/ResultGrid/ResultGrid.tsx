import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { PAGE_ROWS, pagesOf, useQueryRows } from '../../api/queries';
import type { Cell, Column } from '../../api/types';
import { formatCell, formatInteger, isNumericType } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { cx } from '../cx';
import { ErrorNote } from '../ErrorNote/ErrorNote';
import { move, type Place } from '../RunGrid/move';
import styles from './ResultGrid.module.css';
import { resized, widthsOf } from './widths';

const ROW = 28;
/** Browsers draw no element higher than some 17 million pixels; whoever wants more rows downloads them. */
const MOST_ROWS = 500_000;

interface ResultGridProps {
  id: string;
  columns: Column[];
  total: number;
}

/** All rows of a result, of which only those in view are drawn, and only the pages near them fetched. */
export function ResultGrid({ id, columns, total }: ResultGridProps) {
  const t = useText();
  const lang = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const [widths, setWidths] = useState<number[] | null>(null);
  const count = Math.min(total, MOST_ROWS);
  const indexWidth = 24 + String(count).length * 8;

  const first = useQueryRows(id, total > 0 ? [0] : []);
  const sized = useMemo(() => {
    const rows = Array.from({ length: Math.min(60, PAGE_ROWS, total) }, (_, i) => first.row(i) ?? []);
    return widthsOf(columns, rows, (value, type) => formatCell(value, type, lang));
    // The first page comes once; `first` is a new object each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [columns, total, lang, first.row(0) !== undefined]);
  const shownWidths = widths ?? sized;

  const rows = useVirtualizer({ count, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 10 });
  const across = useVirtualizer({ horizontal: true, count: columns.length, getScrollElement: () => box.current, estimateSize: (i) => shownWidths[i] ?? 120, overscan: 3 });
  useEffect(() => across.measure(), [across, shownWidths]);

  const items = rows.getVirtualItems();
  const seen = useSettled(items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  const data = useQueryRows(id, pagesOf(seen.first, seen.last, count));
  const resize = (column: number, by: number) => setWidths(shownWidths.map((width, i) => (i === column ? resized(width, by) : width)));

  const onKeyDown = (event: React.KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c' && window.getSelection()?.isCollapsed !== false) {
      event.preventDefault();
      void navigator.clipboard.writeText(plain(data.row(active.row)?.[active.column]));
      return;
    }
    if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault();
      resize(active.column, event.key === 'ArrowLeft' ? -16 : 16);
      return;
    }
    const next = event.ctrlKey && (event.key === 'Home' || event.key === 'End')
      ? { row: event.key === 'Home' ? 0 : count - 1, column: active.column }
      : move(active, event.key, { rows: count, columns: columns.length });
    if (!next) return;
    event.preventDefault();
    setActive(next);
    rows.scrollToIndex(next.row);
    across.scrollToIndex(next.column);
  };

  const drawn = across.getVirtualItems();
  const width = across.getTotalSize() + indexWidth;
  return (
    <div className={styles.frame}>
      {data.error && <ErrorNote failure={data.error} />}
      <div
        ref={box}
        className={styles.box}
        role="grid"
        tabIndex={0}
        aria-label={t('grid.label')}
        aria-rowcount={total + 1}
        aria-colcount={columns.length}
        aria-activedescendant={`cell-${active.row}-${active.column}`}
        onKeyDown={onKeyDown}
      >
        <div role="row" aria-rowindex={1} className={styles.head} style={{ width }}>
          {drawn.map((item) => {
            const column = columns[item.index];
            return column && <HeaderCell key={item.index} column={column} item={item} left={indexWidth} onResize={(by) => resize(item.index, by)} />;
          })}
        </div>
        <div role="rowgroup" className={styles.body} style={{ height: rows.getTotalSize(), width }}>
          {items.map(({ index, start }) => (
            <div key={index} role="row" aria-rowindex={index + 2} className={styles.row} style={{ transform: `translateY(${start}px)`, width }}>
              <span className={styles.index} style={{ width: indexWidth }} aria-hidden="true">{formatInteger(index + 1, lang)}</span>
              {drawn.map((item) => (
                <BodyCell
                  key={item.index}
                  id={`cell-${index}-${item.index}`}
                  value={data.row(index)?.[item.index]}
                  type={columns[item.index]?.type ?? ''}
                  item={item}
                  left={indexWidth}
                  active={active.row === index && active.column === item.index}
                  onChoose={() => setActive({ row: index, column: item.index })}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
      <p className={styles.hint}>
        {total > MOST_ROWS ? t('grid.capped', { shown: formatInteger(MOST_ROWS, lang) }) : t('grid.hint')}
      </p>
    </div>
  );
}

function HeaderCell({ column, item, left, onResize }: { column: Column; item: VirtualItem; left: number; onResize: (by: number) => void }) {
  const from = useRef<number | null>(null);
  return (
    <div role="columnheader" aria-colindex={item.index + 1} className={cx(styles.cell, styles.header, isNumericType(column.type) && styles.numeric)} style={{ left: left + item.start, width: item.size }} title={`${column.name} ${column.type}`}>
      <span className={styles.name}>{column.name}</span>
      <span
        className={styles.handle}
        aria-hidden="true"
        onPointerDown={(event) => { from.current = event.clientX; event.currentTarget.setPointerCapture(event.pointerId); }}
        onPointerMove={(event) => {
          if (from.current === null) return;
          onResize(event.clientX - from.current);
          from.current = event.clientX;
        }}
        onPointerUp={() => { from.current = null; }}
      />
    </div>
  );
}

interface BodyCellProps {
  id: string;
  value: Cell | undefined;
  type: string;
  item: VirtualItem;
  left: number;
  active: boolean;
  onChoose: () => void;
}

function BodyCell({ id, value, type, item, left, active, onChoose }: BodyCellProps) {
  const t = useText();
  const lang = useLanguage();
  const text = formatCell(value, type, lang);
  return (
    // The keyboard works on the grid as a whole.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div id={id} role="gridcell" aria-colindex={item.index + 1} aria-selected={active} className={cx(styles.cell, isNumericType(type) && styles.numeric, active && styles.active)} style={{ left: left + item.start, width: item.size }} title={text.length > 30 ? text : undefined} onClick={onChoose}>
      {value === undefined ? <span className={styles.coming} /> : value === null ? <span className={styles.null}>{t('grid.null')}</span> : text}
    </div>
  );
}

/** The range in view once it has stood still for a moment: a fling over 100,000 rows fetches where it ends. */
function useSettled(first: number, last: number) {
  const [settled, setSettled] = useState({ first, last });
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ first, last }), 60);
    return () => clearTimeout(timer);
  }, [first, last]);
  return settled;
}

function plain(value: Cell | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
