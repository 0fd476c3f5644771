/** What keys do, wherever the focus is but in a field. */
export interface Shortcut {
  /** As `KeyboardEvent.key` tells them, after "Shift+" for those that are no character. */
  readonly keys: readonly string[]
  readonly meaning: string
  readonly run: (key: string) => void
}

interface Press {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** Runs what a key is for, unless it is pressed for something else. Tells whether it was for anything. */
export function runShortcut(shortcuts: readonly Shortcut[], press: Press): boolean {
  if (press.ctrlKey || press.metaKey || press.altKey) return false
  const isCharacter = [...press.key].length === 1
  const name = press.shiftKey && !isCharacter ? `Shift+${press.key}` : press.key
  const shortcut = shortcuts.find(({ keys }) => keys.includes(name))
  shortcut?.run(name)
  return shortcut !== undefined
}

const names: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
  Shift: '⇧',
}

/** A key as it is shown. */
export const keyName = (key: string): string =>
  key === '+'
    ? key
    : key
        .split('+')
        .map((part) => names[part] ?? part)
        .join(' ')
