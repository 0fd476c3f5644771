/** A value that changes, and who is told of it. */
export interface Store<S extends object> {
  readonly state: S
  update(change: Partial<S>): void
  /** Calls at once, and then whenever something is another that is selected. */
  watch(selected: ReadonlyArray<(state: S) => unknown>, onChange: (state: S) => void): void
}

export function createStore<S extends object>(initial: S): Store<S> {
  let state = initial
  const watchers: Array<() => void> = []
  return {
    get state() {
      return state
    },
    update(change) {
      state = { ...state, ...change }
      for (const tell of watchers) tell()
    },
    watch(selected, onChange) {
      let last = selected.map((select) => select(state))
      watchers.push(() => {
        const values = selected.map((select) => select(state))
        if (values.every((value, index) => Object.is(value, last[index]))) return
        last = values
        onChange(state)
      })
      onChange(state)
    },
  }
}
