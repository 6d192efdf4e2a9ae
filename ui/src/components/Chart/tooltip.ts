import type { ChartColors } from './colors';

export function tooltipLook(colors: ChartColors) {
  return { backgroundColor: colors.surface, borderColor: colors.line, textStyle: { color: colors.ink, fontSize: 12 }, confine: true };
}

export function itemTooltip<Shown>(colors: ChartColors, text: (shown: Shown) => string) {
  return { ...tooltipLook(colors), trigger: 'item', formatter: (shown: Shown) => escaped(text(shown)) };
}

/** Tooltips are HTML, and data is not to be trusted with it. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
