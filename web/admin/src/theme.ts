import { Anchor, Badge, Button, type CSSVariablesResolver, Card, type MantineColorsTuple, Modal, NavLink, TextInput, createTheme } from '@mantine/core'

const laurel: MantineColorsTuple = [
  '#edf7f1',
  '#d9ece1',
  '#b1d9c2',
  '#86c5a1',
  '#5fae84',
  '#3f9469',
  '#2a7a54',
  '#1c6443',
  '#154f35',
  '#0d3a27',
]

/** theme is the console's look: laurel green, the system's fonts, quiet borders. */
export const theme = createTheme({
  primaryColor: 'laurel',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  respectReducedMotion: true,
  colors: { laurel },
  defaultRadius: 'md',
  cursorType: 'pointer',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.6rem', lineHeight: '1.25' }, h2: { fontSize: '1.05rem', lineHeight: '1.4' } } },
  components: {
    Card: Card.extend({ defaultProps: { withBorder: true, padding: 'lg', radius: 'lg' } }),
    Badge: Badge.extend({ defaultProps: { variant: 'light', radius: 'sm' }, styles: { root: { textTransform: 'none', fontWeight: 600 } } }),
    Button: Button.extend({ defaultProps: { radius: 'md' } }),
    Anchor: Anchor.extend({ defaultProps: { underline: 'hover', inherit: true } }),
    Modal: Modal.extend({ defaultProps: { radius: 'lg', centered: true } }),
    // A dialog's header is no banner of the page.
    ModalHeader: Modal.Header.extend({ defaultProps: { role: 'none' } }),
    NavLink: NavLink.extend({ styles: { root: { borderRadius: 'var(--mantine-radius-md)' } } }),
    TextInput: TextInput.extend({ defaultProps: { autoComplete: 'off' } }),
  },
})

/** variables gives quiet text, placeholders and links enough contrast (WCAG 2.2 AA) on every ground of both looks. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#59636b',
    '--mantine-color-placeholder': '#6b747c',
    '--mantine-color-anchor': 'var(--mantine-color-laurel-7)',
    '--mantine-color-error': 'var(--mantine-color-red-8)',
    '--mantine-color-orange-light-color': '#9a3b06',
    '--mantine-color-yellow-light-color': '#755000',
    '--mantine-color-green-light-color': '#1a6a31',
    '--mantine-color-red-light-color': '#a31b1b',
    '--mantine-color-blue-light-color': '#15569f',
    '--mantine-color-gray-light-color': '#495057',
  },
  dark: {
    '--mantine-color-dimmed': '#b3b9bf',
    '--mantine-color-placeholder': '#9aa1a8',
    '--mantine-color-anchor': 'var(--mantine-color-laurel-3)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-gray-light': 'var(--mantine-color-dark-4)',
  },
})
