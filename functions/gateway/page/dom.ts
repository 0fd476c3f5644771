/**
 * The element of page.html with this id.
 * @throws Error if there is none of this type
 */
export function byId<T extends Element>(id: string, type: new () => T): T {
  const element = document.getElementById(id)
  if (element instanceof type) return element
  throw new Error(`The page has no ${type.name} "${id}".`)
}

export const button = (id: string): HTMLButtonElement => byId(id, HTMLButtonElement)

/** A new element; nothing that comes from a document is ever taken for HTML. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { className = '', text = '' }: { className?: string; text?: string } = {},
  ...children: Node[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  if (text !== '') element.textContent = text
  element.append(...children)
  return element
}

export const makeButton = (className: string, text: string, onClick: () => void) => {
  const element = make('button', { className, text })
  element.type = 'button'
  element.addEventListener('click', onClick)
  return element
}

export function setPressed(element: Element, isPressed: boolean): void {
  element.setAttribute('aria-pressed', String(isPressed))
}

/** Opens a dialog, which its buttons with `data-close` close. */
export function prepareDialog(id: string): HTMLDialogElement {
  const dialog = byId(id, HTMLDialogElement)
  for (const closing of dialog.querySelectorAll('[data-close]')) {
    closing.addEventListener('click', () => dialog.close())
  }
  return dialog
}

/** At most one call per frame, however often it is asked for. */
export function perFrame(draw: () => void): () => void {
  let isAsked = false
  return () => {
    if (isAsked) return
    isAsked = true
    requestAnimationFrame(() => {
      isAsked = false
      draw()
    })
  }
}
