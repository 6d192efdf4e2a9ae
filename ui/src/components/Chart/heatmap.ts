import { labelOf } from '../Tile/naming';
import { mixed, readableOn } from './colors';
import { linesOf, textWidth, widest } from './layout';
import type { Body, Drawing } from './option';
import { itemTooltip } from './tooltip';

const SCALE = 44;

/** Numbers are written into the cells if all of them fit; else the colours, the tooltip and the table tell them. */
export function heatmap({ points, colors, value, tile, width, lang }: Drawing): Body {
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
  const written = (x: number, y: number) => value(points.exact[y]?.[x]);

  const names = widest(points.series, Math.min(150, width * 0.36));
  const room = (width - names - 20) / Math.max(1, points.categories.length);
  const size = Math.min(11, Math.floor((room - 6) / Math.max(1, ...cells.map(([x, y]) => textWidth(written(x, y), 1)))));
  const labelled = size >= 9;
  const standing = points.categories.every((name) => textWidth(name, 11) <= room - 2);
  const below = standing ? 20 : Math.ceil(widest(points.categories, 110) * 0.7) + 14;
  const high = points.series.reduce((sum, name) => sum + Math.max(26, linesOf(name, names) * 13 + 8), 0);
  const axis = { type: 'category', axisTick: { show: false }, axisLine: { show: false } };
  const label = { color: colors.soft, fontSize: 11, lineHeight: 13, overflow: 'break' };
  return {
    height: Math.max(250, high + below + SCALE + 10),
    legend: undefined,
    grid: { left: 4, right: 12, top: 6, bottom: SCALE, containLabel: true },
    tooltip: itemTooltip(colors, ({ value: [x, y] }: { value: [number, number, number] }) =>
      `${points.series[y]} · ${labelOf(tile, tile.x ?? '', lang)} ${points.categories[x]}: ${written(x, y)}`),
    xAxis: { ...axis, data: points.categories, axisLabel: standing ? { ...label, interval: 0 } : { ...label, rotate: 45, width: 110, ...(room < 14 ? {} : { interval: 0 }) } },
    yAxis: { ...axis, data: points.series, inverse: true, axisLabel: { ...label, width: names, interval: 0 } },
    visualMap: { min, max, orient: 'horizontal', left: 'center', bottom: 0, itemHeight: 120, itemWidth: 10, text: [value(max), value(min)], textStyle: { color: colors.soft }, inRange: { color: [colors.low, colors.high] }, calculable: false },
    series: [
      {
        type: 'heatmap',
        data: cells.map((cell) => ({ value: cell, label: { color: textOn(cell[2]) } })),
        label: { show: labelled, fontSize: size, formatter: ({ value: [x, y] }: { value: [number, number, number] }) => written(x, y) },
        itemStyle: { borderColor: colors.surface, borderWidth: room < 14 ? 0.5 : 2, borderRadius: 3 },
      },
    ],
  };
}
