import { useComputedColorScheme } from '@mantine/core';
import { BarChart, HeatmapChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { Cell, Column, Tile } from '../../api/types';
import { usePrinting } from '../../app/printing';
import { useLanguage } from '../../i18n';
import { chartColors } from './colors';
import { chartOf } from './option';
import styles from './Chart.module.css';

register([BarChart, LineChart, PieChart, HeatmapChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);

interface ChartProps {
  tile: Tile;
  columns: Column[];
  rows: Cell[][];
  label: string;
}

export function Chart({ tile, columns, rows, label }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const lang = useLanguage();
  const printing = usePrinting();
  const dark = useComputedColorScheme('light') === 'dark' && !printing;
  useEffect(() => {
    if (!box.current) return undefined;
    const still = printing || window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const chart = init(box.current, undefined, { renderer: 'svg' });
    const draw = () => {
      const width = box.current?.clientWidth ?? 0;
      if (!box.current || width === 0) return;
      const { option, height } = chartOf(tile, columns, rows, chartColors(dark), lang, width);
      box.current.style.height = `${Math.round(height)}px`;
      chart.resize({ width, height: Math.round(height) });
      // Nothing of the picture before may stay: another width has other axes.
      chart.setOption({ ...option, animation: !still }, { notMerge: true });
    };
    draw();
    const resize = new ResizeObserver(() => {
      if (chart.getWidth() !== box.current?.clientWidth) draw();
    });
    resize.observe(box.current);
    return () => {
      resize.disconnect();
      chart.dispose();
    };
  }, [tile, columns, rows, lang, dark, printing]);
  return <div ref={box} className={styles.chart} role="img" aria-label={label} />;
}
