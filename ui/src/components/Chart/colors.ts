/** The colours of a chart as the page has them now; a chart needs values, not variables. */
export interface ChartColors {
  dark: boolean;
  font: string;
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
    // Widths are measured with it, so it must be a real name.
    font: getComputedStyle(document.body).fontFamily,
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

export type Rgb = [number, number, number];

export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Between two colours: 0 is the first, 1 the second. */
export function mixed(one: string, other: string, ratio: number): Rgb {
  const [a, b] = [rgb(one), rgb(other)];
  return a.map((channel, i) => channel + ((b[i] ?? 0) - channel) * ratio) as Rgb;
}

/** Contrast that text needs by WCAG 2 AA. */
const ENOUGH = 4.5;

/** By WCAG 2, of two relative luminances. */
export function contrastOf(one: Rgb, other: Rgb): number {
  const [a, b] = [luminanceOf(one), luminanceOf(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminanceOf(color: Rgb): number {
  const [red, green, blue] = color.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Ink or white, whichever can be read; on what is between the two only black can. */
export function readableOn(background: Rgb): string {
  const [ink, white] = [contrastOf(background, rgb('#0f272e')), contrastOf(background, rgb('#ffffff'))];
  if (Math.max(ink, white) < ENOUGH) return '#000000';
  return white > ink ? '#ffffff' : '#0f272e';
}
