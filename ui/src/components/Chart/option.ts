import type { EChartsCoreOption } from 'echarts/core';
import type { Cell, Column, Tile } from '../../api/types';
import { isDateType } from '../../format/dates';
import { digitsOf, formatTile } from '../../format/format';
import type { Language } from '../../i18n';
import { labelOf } from '../Tile/naming';
import type { ChartColors } from './colors';
import { heatmap } from './heatmap';
import { legendHeight, linesOf, textWidth, widest } from './layout';
import { dateAxis, placesOf, pointsOf, type Points } from './points';
import { escaped, itemTooltip, tooltipLook } from './tooltip';

export type Drawn = Pick<Tile, 'kind' | 'x' | 'y' | 'series' | 'format' | 'unit'> & Partial<Pick<Tile, 'x_format' | 'labels'>>;

export interface Drawing {
  tile: Drawn;
  points: Points;
  columns: Column[];
  rows: Cell[][];
  colors: ChartColors;
  lang: Language;
  /** Of the whole chart, in pixels. */
  width: number;
  /** A measure, written like all others of the tile. */
  value: (amount: unknown) => string;
  /** A measure on an axis: as short as it can be. */
  tick: (amount: unknown) => string;
}

const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin'];
const PLOT = 250;
/** Of a legend, both sides. */
const PADDING = 12;

/** What ECharts is told to draw of a tile's rows, and how high it must be for all of it to be seen. */
export function chartOf(tile: Drawn, columns: Column[], rows: Cell[][], colors: ChartColors, lang: Language, width: number): { option: EChartsCoreOption; height: number } {
  const points = pointsOf(tile, columns, rows, lang);
  const digits = digitsOf(points.exact.flat(), tile.format);
  const value = (amount: unknown) => formatTile(amount as Cell, tile.format, tile.unit, lang, digits);
  const tick = (amount: unknown) => formatTile(amount as Cell, tile.format === 'integer' ? null : tile.format, tile.unit, lang);
  const drawing = { tile, points, columns, rows, colors, lang, width, value, tick };
  const { height, ...option } = body(drawing);
  return { option: { ...frame(drawing), ...option }, height };
}

export function optionOf(...of: Parameters<typeof chartOf>): EChartsCoreOption {
  return chartOf(...of).option;
}

export type Body = EChartsCoreOption & { height: number };

function body(drawing: Drawing): Body {
  switch (drawing.tile.kind) {
    case 'bar':
      return bars(drawing, undefined);
    case 'stacked_bar':
      return bars(drawing, 'all');
    case 'line':
      return lines(drawing);
    case 'pie':
      return pie(drawing);
    case 'heatmap':
      return heatmap(drawing);
    case 'scatter':
      return scatter(drawing);
    case 'number':
    case 'table':
      return { height: PLOT };
  }
}

function top({ points, width }: Drawing): number {
  return points.series.length > 1 ? legendHeight(points.series, width - PADDING) + 14 : 14;
}

function frame(drawing: Drawing): EChartsCoreOption {
  const { points, colors } = drawing;
  const legend = points.series.length > 1;
  return {
    color: colors.series,
    animationDuration: 250,
    textStyle: { fontFamily: colors.font, color: colors.ink },
    grid: { left: 4, right: 18, top: top(drawing), bottom: 4, containLabel: true },
    legend: legend ? { type: 'plain', top: 0, left: 0, width: drawing.width - PADDING, itemWidth: 14, itemHeight: 9, textStyle: { color: colors.ink } } : undefined,
    tooltip: {
      ...tooltipLook(colors),
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: colors.line, opacity: 0.4 } },
      formatter: (shown: { seriesIndex: number; dataIndex: number; marker: string }[]) => axisTooltip(drawing, shown),
    },
  };
}

/** Each number as it came, not as it was drawn. */
function axisTooltip({ points, value }: Drawing, shown: { seriesIndex: number; dataIndex: number; marker: string }[]): string {
  const at = shown[0]?.dataIndex ?? 0;
  const lines = shown.flatMap(({ seriesIndex, dataIndex, marker }) => {
    const exact = points.exact[seriesIndex]?.[dataIndex];
    return exact === undefined ? [] : [`${marker}${escaped(points.series[seriesIndex] ?? '')}: <b>${escaped(value(exact))}</b>`];
  });
  return [escaped(points.categories[at] ?? ''), ...lines].join('<br>');
}

function dated({ tile, columns }: Drawing): boolean {
  const column = columns.find((one) => one.name.toLowerCase() === tile.x?.toLowerCase());
  return column !== undefined && isDateType(column.type);
}

/** A standing axis: names are broken between words if they fit so, else slanted; dates may leave some out. */
function categoryAxis(drawing: Drawing) {
  const { points, colors, width } = drawing;
  const names = points.categories;
  const label = (dated(drawing) && (drawing.tile.kind === 'line' || names.length > 12)) || names.length > 30
    ? { color: colors.soft, hideOverlap: true, fontSize: 11 }
    : { color: colors.soft, interval: 0, fontSize: 11, ...fitted(names, roomOf(names, width)) };
  return { type: 'category', data: names, axisLine: { lineStyle: { color: colors.line } }, axisTick: { show: false }, axisLabel: label };
}

function roomOf(names: string[], width: number): number {
  return (width - 70) / Math.max(1, names.length) - 6;
}

function fits(names: string[], room: number): boolean {
  return names.flatMap((name) => name.split(' ')).every((word) => textWidth(word, 11) <= room) && names.every((name) => linesOf(name, room) <= 3);
}

function fitted(names: string[], room: number) {
  return fits(names, room) ? { width: room, overflow: 'break', lineHeight: 13 } : { rotate: 40, width: 130, overflow: 'break' };
}

function valueAxis({ colors, tick }: Drawing, scale: boolean) {
  return {
    type: 'value',
    scale,
    splitNumber: 4,
    splitLine: { lineStyle: { color: colors.line } },
    axisLabel: { color: colors.soft, formatter: tick, hideOverlap: true },
  };
}

function bars(drawing: Drawing, stack: string | undefined): Body {
  const { points, width, colors } = drawing;
  const names = points.categories;
  // Many names, or long ones, are read best on lines of their own.
  const many = points.series.length === 1 && (names.length > 6 || names.some((name) => name.length > 12));
  const lying = !dated(drawing) && (many || !fits(names, roomOf(names, width)));
  const room = widest(names, Math.min(180, width * 0.42));
  const categories = lying
    ? { type: 'category', data: names, inverse: true, axisLine: { lineStyle: { color: colors.line } }, axisTick: { show: false }, axisLabel: { color: colors.soft, interval: 0, fontSize: 11, lineHeight: 13, width: room, overflow: 'break' } }
    : categoryAxis(drawing);
  const values = { ...valueAxis(drawing, false), ...(lying ? { splitNumber: width < 420 ? 2 : 4 } : {}) };
  const thick = stack || points.series.length === 1 ? 24 : 8 * points.series.length + 12;
  const high = names.reduce((sum, name) => sum + Math.max(thick, linesOf(name, room) * 13 + 6), 0);
  return {
    height: top(drawing) + (lying ? Math.max(PLOT, high + 30) : PLOT),
    xAxis: lying ? values : categories,
    yAxis: lying ? categories : values,
    series: points.series.map((name, i) => ({
      type: 'bar',
      name,
      stack,
      data: points.values[i],
      barMaxWidth: 34,
      itemStyle: { borderRadius: stack ? 0 : lying ? [0, 3, 3, 0] : [3, 3, 0, 0], borderColor: colors.surface, borderWidth: stack ? 1 : 0 },
    })),
  };
}

function lines(drawing: Drawing): Body {
  const { points } = drawing;
  return {
    height: top(drawing) + PLOT,
    xAxis: { ...categoryAxis(drawing), boundaryGap: false },
    // Half of the last name on the axis stands beyond it.
    grid: { left: 4, right: Math.max(18, Math.ceil(textWidth(points.categories.at(-1) ?? '', 11) / 2) + 4), top: top(drawing), bottom: 4, containLabel: true },
    // A rate that moves between 80 and 90 % shows nothing on an axis from 0; counts begin at 0.
    yAxis: valueAxis(drawing, drawing.tile.format === 'percent'),
    series: points.series.map((name, i) => ({
      type: 'line',
      name,
      data: points.values[i],
      symbol: SYMBOLS[i % SYMBOLS.length],
      symbolSize: 6,
      lineStyle: { width: 2 },
      connectNulls: false,
      clip: false,
    })),
  };
}

/** Its slices are named below it, where there is room for whole names at any width. */
function pie({ points, colors, value, width, lang }: Drawing): Body {
  const slices = points.categories.flatMap((name, i) => {
    const amount = points.values[0]?.[i] ?? null;
    return amount === null ? [] : [{ name, value: amount, exact: points.exact[0]?.[i] }];
  });
  const whole = slices.reduce((sum, slice) => sum + slice.value, 0);
  const told = (name: string) => {
    const slice = slices.find((one) => one.name === name);
    return slice ? `${name}: ${value(slice.exact)} (${formatTile(whole === 0 ? 0 : slice.value / whole, 'percent', null, lang)})` : name;
  };
  const room = width - 32;
  const lines = slices.reduce((sum, slice) => sum + linesOf(told(slice.name), room, 12), 0);
  const size = Math.min(220, width - 20);
  return {
    height: size + 20 + lines * 16 + slices.length * 6,
    legend: { type: 'plain', orient: 'vertical', top: size + 12, left: 0, itemGap: 6, padding: 2, itemWidth: 14, itemHeight: 9, textStyle: { color: colors.ink, width: room, overflow: 'break', lineHeight: 16 }, formatter: told },
    tooltip: itemTooltip(colors, ({ name }: { name: string }) => told(name)),
    series: [
      {
        type: 'pie',
        radius: [size * 0.3, size * 0.47],
        center: ['50%', size / 2 + 4],
        data: slices.map((slice) => ({ name: slice.name, value: slice.value })),
        itemStyle: { borderColor: colors.surface, borderWidth: 2 },
        label: { show: false },
      },
    ],
  };
}

function scatter(drawing: Drawing): Body {
  const { points, colors, value, tile, lang, columns, rows } = drawing;
  const places = placesOf(tile, columns);
  const x = 'missing' in places ? 0 : places.x;
  const ofDate = dated(drawing) ? dateAxis(rows, x, lang) : null;
  const digits = digitsOf(rows.map((row) => row[x]), tile.x_format ?? null);
  const across = (amount: Cell, tick: boolean) =>
    ofDate && typeof amount === 'number' ? ofDate(amount) : formatTile(amount, tile.x_format ?? null, null, lang, tick ? undefined : digits);
  const named = (column: string | null) => labelOf(tile, column ?? '', lang);
  return {
    height: top(drawing) + PLOT + 24,
    tooltip: itemTooltip(colors, ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) => {
      const point = points.pairs[seriesIndex]?.[dataIndex];
      if (!point) return '';
      return `${points.series[seriesIndex]} · ${named(tile.x)} ${ofDate ? ofDate(point.at[0]) : across(point.exact[0], false)}, ${named(tile.y)} ${value(point.exact[1])}`;
    }),
    grid: { left: 4, right: 24, top: top(drawing) + 16, bottom: 24, containLabel: true },
    // Room around the outermost points: half a point must not lie outside.
    xAxis: { ...valueAxis(drawing, true), boundaryGap: ['4%', '4%'], name: named(tile.x), nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: colors.soft }, axisLabel: { color: colors.soft, hideOverlap: true, formatter: (at: number) => across(at, true) } },
    yAxis: { ...valueAxis(drawing, true), boundaryGap: ['6%', '6%'], name: named(tile.y), nameLocation: 'end', nameGap: 8, nameTextStyle: { color: colors.soft, align: 'left' } },
    series: points.series.map((name, i) => ({ type: 'scatter', name, clip: false, data: points.pairs[i]?.map((pair) => pair.at), symbol: SYMBOLS[i % SYMBOLS.length], symbolSize: 9, itemStyle: { opacity: 0.85 } })),
  };
}
