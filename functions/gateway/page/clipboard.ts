import type { Announcer } from './announcer.ts'

/** The clipboard is there on secure origins only; elsewhere the old way may still work. */
export async function copyText(text: string, what: string, announcer: Announcer): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    announcer.show(`${what} is in the clipboard.`)
  } catch {
    const isCopied = copyBySelection(text)
    announcer.show(
      isCopied ? `${what} is in the clipboard.` : 'The browser does not allow it to be copied.',
    )
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'visually-hidden'
  const focused = document.activeElement
  document.body.append(area)
  area.select()
  const isCopied = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return isCopied
}
