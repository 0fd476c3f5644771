import { element, type Markup } from './markup.ts'

/** By what they stand for; neighbours are told apart by lightness and shape as well as by hue. */
const colours = {
  light: {
    ground: '#ffffff',
    frame: '#d1d9e0',
    band: '#eff2f5',
    ink: '#1f2328',
    faint: '#59636e',
    sent: '#818b98',
    read: '#1a7f37',
    gateway: '#8250df',
    model: '#0969da',
    p95: '#bc4c00',
    refused: '#bf8700',
    failed: '#cf222e',
  },
  dark: {
    ground: '#0d1117',
    frame: '#3d444d',
    band: '#1a2028',
    ink: '#f0f6fc',
    faint: '#9198a1',
    sent: '#9198a1',
    read: '#3fb950',
    gateway: '#ab7df8',
    model: '#4493f8',
    p95: '#f0883e',
    refused: '#d29922',
    failed: '#f85149',
  },
}

export const seriesNames = ['sent', 'read', 'gateway', 'model', 'p95', 'refused', 'failed'] as const
export type SeriesName = (typeof seriesNames)[number]

const rulesOf = (scheme: typeof colours.light): string =>
  [
    `.ground{fill:${scheme.ground};stroke:${scheme.frame}}`,
    `.band{fill:${scheme.band}}`,
    `.grid{stroke:${scheme.frame}}`,
    `text{fill:${scheme.ink}}`,
    `.faint{fill:${scheme.faint}}`,
    ...seriesNames.map((name) => `.${name}{stroke:${scheme[name]};fill:${scheme[name]}}`),
  ].join('')

const shapes =
  'text{font-family:system-ui,sans-serif;font-size:12px}.title{font-size:17px;font-weight:600}' +
  '.head{font-weight:600}.line{fill:none;stroke-width:2;stroke-linejoin:round}' +
  '.wanted{stroke-dasharray:5 3;stroke-width:1.5}.thin{stroke-width:1.5}' +
  '.area{stroke:none;fill-opacity:.2}.bar{stroke:none}.end{text-anchor:end}.middle{text-anchor:middle}'

export const darkScheme = '@media (prefers-color-scheme:dark)'

/**
 * Pictures in a page follow its reader's colour scheme by themselves. Shapes come last: where a line has a colour to be
 * filled with, it is them who say that it is not.
 */
export const style = (): Markup =>
  element('style', {}, `${rulesOf(colours.light)}${darkScheme}{${rulesOf(colours.dark)}}${shapes}`)
