import { button, byId, setPressed } from './dom.ts'
import type { State } from './state.ts'
import type { Store } from './store.ts'

/** In a narrow window either the picture or the text is shown. */
export function mountSides(store: Store<State>): void {
  const desk = byId('desk', HTMLElement)
  const [picture, text] = [button('show-picture'), button('show-text')]
  const show = (side: 'picture' | 'text') => {
    desk.dataset['side'] = side
    setPressed(picture, side === 'picture')
    setPressed(text, side === 'text')
  }
  picture.addEventListener('click', () => show('picture'))
  text.addEventListener('click', () => show('text'))
  store.watch([({ source }) => source], () => show('picture'))
  // What went wrong is told beside the text.
  store.watch([({ failure }) => failure], ({ failure }) => {
    if (failure) show('text')
  })
}
