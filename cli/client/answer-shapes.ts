// Checks of the fields that the client and the command line use. They are no schemas of the contract, which would
// bring a library into the browser and refuse what a newer gateway adds.

/** Whether a value of JSON has a form. */
export type Shape = (value: unknown) => boolean

const text: Shape = (value) => typeof value === 'string'
const count: Shape = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value)
const listOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every((item) => shape(item))

const fields = (shapes: Readonly<Record<string, Shape>>): Shape => {
  const all = Object.entries(shapes)
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    all.every(([name, shape]) => shape(Reflect.get(value, name)))
}

const page = fields({
  number: count,
  text,
  error: optional(fields({ code: text, message: text })),
})

export const problemShape = fields({
  code: text,
  detail: text,
  title: optional(text),
  status: optional(count),
  requestId: optional(text),
})

export const documentShape = fields({ text, pages: listOf(page) })

export const languagesShape = fields({
  default: text,
  languages: listOf(fields({ code: text, name: optional(text) })),
})

/** By the type of the line. */
export const lineShapes: ReadonlyMap<string, Shape> = new Map([
  ['start', fields({ pageCount: count, pages: listOf(count) })],
  ['page', fields({ done: count, total: count, page })],
  [
    'end',
    fields({
      document: fields({ text, warnings: listOf(fields({ page: count, message: text })) }),
    }),
  ],
  ['error', fields({ problem: problemShape })],
])
