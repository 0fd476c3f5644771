import type { Selection } from './selection.ts'
import type { Shortcut } from './shortcuts.ts'
import type { Point } from './words.ts'

/** What keys can have done. */
export interface KeyActions {
  choose(): void
  again(): void
  /** Ends what is going on. */
  stop(): void
  copy(): void
  search(): void
  options(): void
  zoom(factor: number): void
  fit(): void
  toggleBoxes(): void
  step(by: 1 | -1): void
}

type DoubtKeys = Pick<Selection, 'goToDoubt'>

/** Keys that act wherever the focus is. */
export const keysEverywhere = (actions: KeyActions, selection: DoubtKeys): Shortcut[] => [
  { keys: ['o'], meaning: 'Choose a file', run: actions.choose },
  { keys: ['r'], meaning: 'Read again', run: actions.again },
  { keys: ['Escape'], meaning: 'Cancel reading, or let a word go', run: actions.stop },
  { keys: [','], meaning: 'Options', run: actions.options },
  { keys: ['/'], meaning: 'Search in the text', run: actions.search },
  { keys: ['c'], meaning: 'Copy the text', run: actions.copy },
  { keys: ['+', '='], meaning: 'Zoom in', run: () => actions.zoom(1.25) },
  { keys: ['-'], meaning: 'Zoom out', run: () => actions.zoom(0.8) },
  { keys: ['0'], meaning: 'Whole page', run: actions.fit },
  { keys: ['b'], meaning: 'Show or hide the boxes', run: actions.toggleBoxes },
  { keys: ['[', 'PageUp'], meaning: 'Previous page', run: () => actions.step(-1) },
  { keys: [']', 'PageDown'], meaning: 'Next page', run: () => actions.step(1) },
  { keys: ['u'], meaning: 'Next word in doubt', run: () => selection.goToDoubt(1) },
  { keys: ['U'], meaning: 'Previous word in doubt', run: () => selection.goToDoubt(-1) },
]

/** Keys that go from word to word in the text, where up and down scroll. */
export const keysInText = ({ go }: Pick<Selection, 'go'>): Shortcut[] => [
  { keys: ['ArrowLeft'], meaning: 'Previous word', run: () => go('previous') },
  { keys: ['ArrowRight'], meaning: 'Next word', run: () => go('next') },
]

/** CSS pixels. */
const panStep = 80
const pans: Readonly<Record<string, Point>> = {
  'Shift+ArrowLeft': { x: panStep, y: 0 },
  'Shift+ArrowRight': { x: -panStep, y: 0 },
  'Shift+ArrowUp': { x: 0, y: panStep },
  'Shift+ArrowDown': { x: 0, y: -panStep },
}

/** Keys that go from word to word in the picture, and move it. */
export const keysInPicture = (
  { go }: Pick<Selection, 'go'>,
  pan: (by: Point) => void,
): Shortcut[] => [
  ...keysInText({ go }),
  { keys: ['ArrowUp'], meaning: 'Word above (in the picture)', run: () => go('up') },
  { keys: ['ArrowDown'], meaning: 'Word below (in the picture)', run: () => go('down') },
  { keys: ['Home'], meaning: 'First word (in the picture)', run: () => go('first') },
  { keys: ['End'], meaning: 'Last word (in the picture)', run: () => go('last') },
  {
    keys: Object.keys(pans),
    meaning: 'Move the page (in the picture)',
    run: (key) => pan(pans[key] ?? { x: 0, y: 0 }),
  },
]
