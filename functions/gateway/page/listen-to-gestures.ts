import { createFingers, type Gestures, turnWheel } from './gestures.ts'
import type { Point } from './words.ts'

export interface GestureListener extends Pick<Gestures, 'onPan' | 'onZoom'> {
  onTap(at: Point, by: { isFinger: boolean }): void
  /** Where a pointer is that is not pressed; undefined when it has left. */
  onHover(at: Point | undefined): void
}

/** Has an element moved by pointers and wheels. */
export function listenToGestures(element: HTMLElement, listener: GestureListener): void {
  let isFinger = false
  const fingers = createFingers({ ...listener, onTap: (at) => listener.onTap(at, { isFinger }) })
  const pointOf = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }
  const fingerOf = (event: PointerEvent) => ({ id: event.pointerId, ...pointOf(event) })

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    element.setPointerCapture(event.pointerId)
    isFinger = event.pointerType === 'touch'
    fingers.press(fingerOf(event))
  })
  element.addEventListener('pointermove', (event) => {
    if (fingers.isDown) fingers.move(fingerOf(event))
    else if (event.pointerType !== 'touch') listener.onHover(pointOf(event))
  })
  element.addEventListener('pointerup', (event) => fingers.release(fingerOf(event)))
  element.addEventListener('pointercancel', (event) => fingers.lose(event.pointerId))
  element.addEventListener('pointerleave', () => listener.onHover(undefined))
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      const { deltaX, deltaY, deltaMode, ctrlKey, metaKey } = event
      turnWheel({ ...pointOf(event), deltaX, deltaY, deltaMode, ctrlKey, metaKey }, listener)
    },
    { passive: false },
  )
}
