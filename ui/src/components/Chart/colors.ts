/** The colours of a chart as the page has them now; a chart needs values, not variables. */
export interface ChartColors {
  dark: boolean;
  ink: string;
  soft: string;
  line: string;
  surface: string;
  water: string;
  low: string;
  high: string;
  series: string[];
}

const SERIES_LIGHT = ['#0c6475', '#d98841', '#5a4a8a', '#6f8f2f', '#b0476a', '#3a8fbf', '#8a6d3b', '#4d6670'];
const SERIES_DARK = ['#5fc0cc', '#f0ab6b', '#a99be0', '#b2cf6a', '#ea8fb0', '#7fb8e6', '#cbb07a', '#a6bcc4'];

export function chartColors(dark: boolean): ChartColors {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    dark,
    ink: value('--ink'),
    soft: value('--ink-soft'),
    line: value('--line'),
    surface: value('--surface'),
    water: value('--water'),
    low: dark ? '#15343d' : '#e1f0f1',
    high: dark ? '#8fe0ea' : '#084a57',
    series: dark ? SERIES_DARK : SERIES_LIGHT,
  };
}
