import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const water: MantineColorsTuple = [
  '#e6f4f6', '#cfe7ea', '#a3d0d7', '#73b8c3', '#4ca3b1', '#2f8e9c', '#147384', '#0c6475', '#084a57', '#063640',
];

export const theme = createTheme({
  primaryColor: 'water',
  primaryShade: { light: 7, dark: 3 },
  colors: { water },
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--sans)' },
  defaultRadius: 'sm',
  autoContrast: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    // Their title is no banner of the page: that is one, and elsewhere.
    Drawer: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
    Modal: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: false } } },
  },
});

/** Mantine's own names for colours, pointed at ours: one palette, whoever draws. */
export const variables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-soft)',
    '--mantine-color-placeholder': 'var(--ink-soft)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--sunken)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-anchor': 'var(--water)',
    '--mantine-color-water-filled': 'var(--water)',
    '--mantine-color-water-filled-hover': 'var(--water-deep)',
    '--mantine-color-water-contrast': 'var(--on-water)',
    '--mantine-primary-color-contrast': 'var(--on-water)',
    '--mantine-color-water-light': 'var(--water-wash)',
    '--mantine-color-water-light-hover': 'var(--water-wash)',
    '--mantine-color-water-light-color': 'var(--water)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-disabled': 'var(--sunken)',
    '--mantine-color-disabled-color': 'var(--ink-soft)',
    '--mantine-color-disabled-border': 'var(--line)',
  };
  return { variables: {}, light: both, dark: both };
};
