/** The part that is used of a package that has no types. */
declare module 'asciichart' {
  interface Settings {
    readonly min: number
    readonly max: number
    /** Rows between them. */
    readonly height: number
    readonly colors?: ReadonlyArray<string | undefined>
    readonly format: (value: number) => string
  }
  const asciichart: {
    /** Lines of text; no series may be empty. */
    plot(series: ReadonlyArray<readonly number[]>, settings: Settings): string
    readonly magenta: string
    readonly blue: string
    readonly green: string
    readonly yellow: string
    readonly reset: string
  }
  export default asciichart
}
