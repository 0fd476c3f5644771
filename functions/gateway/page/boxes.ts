import { byId } from './dom.ts'
import { drawOverlay, type Palette } from './overlay.ts'
import { wordsIn } from './page-text.ts'
import { type State, shownPage, shownText } from './state.ts'
import type { Store } from './store.ts'
import type { Size, View } from './viewport.ts'

/** The canvas over the picture, as large as the viewport: lines are as sharp at every zoom. */
export interface Boxes {
  resize(frame: Size): void
  draw(view: View): void
}

/** @param onChange called when what is drawn would be another */
export function mountBoxes(store: Store<State>, onChange: () => void): Boxes {
  const canvas = byId('overlay', HTMLCanvasElement)
  const palette = paletteOf(canvas)
  let frame: Size = { width: 0, height: 0 }
  let found: ReadonlySet<number> = new Set()

  store.watch([shownPage, ({ threshold }) => threshold, ({ hasBoxes }) => hasBoxes], onChange)
  store.watch([({ matches }) => matches, shownText], (state) => {
    const here = state.matches.filter(({ page }) => page === state.current)
    found = wordsIn(shownText(state), here)
    onChange()
  })

  return {
    resize(size) {
      const { width, height } = size
      frame = size
      canvas.width = Math.round(width * devicePixelRatio)
      canvas.height = Math.round(height * devicePixelRatio)
    },
    draw(view) {
      const pen = canvas.getContext('2d')
      if (!pen) return
      pen.resetTransform()
      pen.clearRect(0, 0, canvas.width, canvas.height)
      pen.scale(devicePixelRatio, devicePixelRatio)
      const { state } = store
      const { words = [] } = shownPage(state) ?? {}
      const threshold = state.hasBoxes ? state.threshold : Number.POSITIVE_INFINITY
      drawOverlay(pen, { view, frame, words, threshold, found, palette })
    },
  }
}

/** The colours are told once, in the style sheet. */
function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element)
  const color = (name: string) => style.getPropertyValue(`--level-${name}`)
  return {
    certain: color('certain'),
    likely: color('likely'),
    doubtful: color('doubtful'),
    uncertain: color('uncertain'),
    found: color('found'),
  }
}
