import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keysEverywhere, keysInPicture } from './key-map.ts'
import { keyName, runShortcut } from './shortcuts.ts'

const press = (key: string, change: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
})

describe('a shortcut', () => {
  const runs: string[] = []
  const shortcuts = [
    { keys: ['u'], meaning: '', run: (key: string) => runs.push(key) },
    { keys: ['U', '?'], meaning: '', run: (key: string) => runs.push(key) },
    { keys: ['Shift+ArrowUp'], meaning: '', run: (key: string) => runs.push(key) },
  ]

  it('runs by its key alone', () => {
    assert.ok(runShortcut(shortcuts, press('u')))
    assert.ok(!runShortcut(shortcuts, press('x')))
    for (const name of ['ctrlKey', 'metaKey', 'altKey']) {
      assert.ok(!runShortcut(shortcuts, press('u', { [name]: true })))
    }
    assert.deepEqual(runs.splice(0), ['u'])
  })

  it('knows Shift by the character it makes, or by its name', () => {
    assert.ok(runShortcut(shortcuts, press('U', { shiftKey: true })))
    assert.ok(runShortcut(shortcuts, press('?', { shiftKey: true })))
    assert.ok(runShortcut(shortcuts, press('ArrowUp', { shiftKey: true })))
    assert.ok(!runShortcut(shortcuts, press('ArrowUp')))
    assert.deepEqual(runs.splice(0), ['U', '?', 'Shift+ArrowUp'])
  })

  it('is shown as it is on a keyboard', () => {
    const names = ['Escape', '+', 'Shift+ArrowUp', 'b'].map(keyName)
    assert.deepEqual(names, ['Esc', '+', '⇧ ↑', 'b'])
  })
})

describe('the keys', () => {
  const nothing = () => {}
  const actions = {
    choose: nothing,
    again: nothing,
    stop: nothing,
    copy: nothing,
    search: nothing,
    options: nothing,
    zoom: nothing,
    fit: nothing,
    toggleBoxes: nothing,
    step: nothing,
  }
  const selection = { go: nothing, goToDoubt: nothing }

  it('have one meaning each', () => {
    const all = [...keysEverywhere(actions, selection), ...keysInPicture(selection, nothing)]
    const keys = all.flatMap(({ keys }) => keys)
    assert.equal(new Set(keys).size, keys.length)
    assert.ok(all.every(({ meaning }) => meaning !== ''))
  })

  it('move the page by Shift and an arrow', () => {
    const pans: object[] = []
    runShortcut(
      keysInPicture(selection, (by) => pans.push(by)),
      press('ArrowDown', { shiftKey: true }),
    )
    assert.deepEqual(pans, [{ x: 0, y: -80 }])
  })
})
