import type { EChartsCoreOption } from 'echarts/core';
import type { Cell, Column, Tile } from '../../api/types';
import { formatTile } from '../../format/format';
import type { Language } from '../../i18n';
import { mixed, readableOn, type ChartColors } from './colors';
import { pointsOf, type Points } from './points';

type Drawn = Pick<Tile, 'kind' | 'x' | 'y' | 'series' | 'format' | 'unit'>;

interface Drawing {
  tile: Drawn;
  points: Points;
  colors: ChartColors;
  lang: Language;
  /** Of the whole chart, in pixels. */
  width: number;
  value: (amount: unknown) => string;
}

const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin'];

/** What ECharts is told to draw of a tile's rows. */
export function optionOf(tile: Drawn, columns: Column[], rows: Cell[][], colors: ChartColors, lang: Language, width: number): EChartsCoreOption {
  const value = (amount: unknown) => formatTile(amount as Cell, tile.format, tile.unit, lang);
  const drawing = { tile, points: pointsOf(tile, columns, rows, lang), colors, lang, width, value };
  return { ...frame(drawing), ...body(drawing) };
}

function body(drawing: Drawing): EChartsCoreOption {
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
      return {};
  }
}

function frame({ points, colors, value }: Drawing): EChartsCoreOption {
  const legend = points.series.length > 1;
  return {
    color: colors.series,
    animationDuration: 250,
    textStyle: { fontFamily: colors.font, color: colors.ink },
    grid: { left: 4, right: 18, top: legend ? 42 : 14, bottom: 4, containLabel: true },
    legend: legend ? { type: 'scroll', top: 0, left: 0, right: 0, itemWidth: 14, itemHeight: 9, textStyle: { color: colors.ink }, pageIconColor: colors.ink, pageTextStyle: { color: colors.soft }, pageIconInactiveColor: colors.line } : undefined,
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: colors.line, opacity: 0.4 } },
      backgroundColor: colors.surface,
      borderColor: colors.line,
      textStyle: { color: colors.ink, fontSize: 12 },
      valueFormatter: value,
      confine: true,
    },
  };
}

function categoryAxis({ points, colors, width }: Drawing, lying: boolean) {
  const room = (width - 60) / Math.max(1, points.categories.length) - 6;
  const all = !lying && points.categories.length <= 10;
  return {
    type: 'category',
    data: points.categories,
    axisLine: { lineStyle: { color: colors.line } },
    axisTick: { show: false },
    axisLabel: all
      ? { color: colors.soft, interval: 0, fontSize: 11, ...fitted(points.categories, room) }
      : { color: colors.soft, width: 130, overflow: 'truncate', hideOverlap: true, ...(lying ? { interval: 0 } : {}) },
  };
}

/** Names that fit are broken between words; if a single word is too wide for its place, all are slanted. */
function fitted(names: string[], room: number) {
  const longest = Math.max(0, ...names.flatMap((name) => name.split(' ')).map((word) => word.length));
  return longest * 6.2 <= room ? { width: room, overflow: 'break', lineHeight: 13 } : { rotate: 32, width: 92, overflow: 'truncate' };
}

function valueAxis({ colors, value }: Drawing, scale: boolean) {
  return {
    type: 'value',
    scale,
    splitNumber: 4,
    splitLine: { lineStyle: { color: colors.line } },
    axisLabel: { color: colors.soft, formatter: value, hideOverlap: true },
  };
}

function bars(drawing: Drawing, stack: string | undefined): EChartsCoreOption {
  const { points } = drawing;
  // Many names, or long ones, are read best on lines of their own.
  const lying = points.series.length === 1 && (points.categories.length > 6 || points.categories.some((name) => name.length > 12));
  const categories = categoryAxis(drawing, lying);
  const values = valueAxis(drawing, false);
  return {
    xAxis: lying ? values : categories,
    yAxis: lying ? { ...categories, inverse: true } : values,
    series: points.series.map((name, i) => ({
      type: 'bar',
      name,
      stack,
      data: points.values[i],
      barMaxWidth: 34,
      itemStyle: { borderRadius: stack ? 0 : lying ? [0, 3, 3, 0] : [3, 3, 0, 0], borderColor: drawing.colors.surface, borderWidth: stack ? 1 : 0 },
    })),
  };
}

function lines(drawing: Drawing): EChartsCoreOption {
  const { points } = drawing;
  return {
    xAxis: { ...categoryAxis(drawing, false), boundaryGap: false },
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
    })),
  };
}

function pie({ points, colors, value }: Drawing): EChartsCoreOption {
  const data = points.categories.map((name, i) => ({ name, value: points.values[0]?.[i] ?? 0 }));
  return {
    legend: undefined,
    tooltip: { trigger: 'item', valueFormatter: value, backgroundColor: colors.surface, borderColor: colors.line, textStyle: { color: colors.ink, fontSize: 12 }, confine: true },
    series: [
      {
        type: 'pie',
        radius: ['48%', '74%'],
        data,
        itemStyle: { borderColor: colors.surface, borderWidth: 2 },
        label: { color: colors.ink, formatter: (shown: { name: string; value: number }) => `${shown.name}\n${value(shown.value)}`, lineHeight: 16 },
        labelLine: { lineStyle: { color: colors.soft } },
      },
    ],
  };
}

function heatmap({ points, colors, value, tile }: Drawing): EChartsCoreOption {
  const cells = points.series.flatMap((_, y) =>
    points.categories.flatMap((_, x) => {
      const amount = points.values[y]?.[x];
      return amount === null || amount === undefined ? [] : [[x, y, amount] as const];
    }),
  );
  const amounts = cells.map((cell) => cell[2]);
  const min = Math.min(...amounts);
  const max = Math.max(...amounts);
  const textOn = (amount: number) => readableOn(mixed(colors.low, colors.high, (amount - min) / (max - min || 1)));
  const labelled = cells.length <= 90;
  const axis = { type: 'category', axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: colors.soft, width: 110, overflow: 'truncate' } };
  return {
    legend: undefined,
    grid: { left: 4, right: 8, top: 6, bottom: 44, containLabel: true },
    tooltip: {
      trigger: 'item', backgroundColor: colors.surface, borderColor: colors.line, textStyle: { color: colors.ink, fontSize: 12 }, confine: true,
      formatter: ({ value: [x, y, amount] }: { value: [number, number, number] }) => escaped(`${points.series[y]} · ${tile.x} ${points.categories[x]}: ${value(amount)}`),
    },
    xAxis: { ...axis, data: points.categories },
    yAxis: { ...axis, data: points.series, inverse: true },
    visualMap: { min, max, orient: 'horizontal', left: 'center', bottom: 0, itemHeight: 120, itemWidth: 10, text: [value(max), value(min)], textStyle: { color: colors.soft }, inRange: { color: [colors.low, colors.high] }, calculable: false },
    series: [
      {
        type: 'heatmap',
        data: cells.map((cell) => ({ value: cell, label: { color: textOn(cell[2]) } })),
        label: { show: labelled, fontSize: 11, formatter: ({ value: cell }: { value: [number, number, number] }) => value(cell[2]) },
        itemStyle: { borderColor: colors.surface, borderWidth: 2, borderRadius: 3 },
      },
    ],
  };
}

function scatter(drawing: Drawing): EChartsCoreOption {
  const { points, colors, value, tile, lang } = drawing;
  const plain = (amount: unknown) => formatTile(amount as Cell, 'decimal', null, lang);
  return {
    tooltip: {
      trigger: 'item', backgroundColor: colors.surface, borderColor: colors.line, textStyle: { color: colors.ink, fontSize: 12 }, confine: true,
      formatter: ({ seriesName, value: [x, y] }: { seriesName: string; value: [number, number] }) => escaped(`${seriesName} · ${tile.x} ${plain(x)}, ${tile.y} ${value(y)}`),
    },
    grid: { left: 4, right: 18, top: points.series.length > 1 ? 42 : 14, bottom: 22, containLabel: true },
    xAxis: { ...valueAxis(drawing, true), name: tile.x ?? '', nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: colors.soft }, axisLabel: { color: colors.soft, formatter: plain } },
    yAxis: valueAxis(drawing, true),
    series: points.series.map((name, i) => ({ type: 'scatter', name, data: points.pairs[i], symbol: SYMBOLS[i % SYMBOLS.length], symbolSize: 9, itemStyle: { opacity: 0.85 } })),
  };
}

/** Tooltips are HTML, and data is not to be trusted with it. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

