/** A selection of series, taken apart. */
export interface Selector {
  readonly metric: string
  readonly matchers: readonly Matcher[]
}

interface Matcher {
  readonly label: string
  /** The values that are named; none where a regular expression is more than a choice of values. */
  readonly values: readonly string[]
}

/** @param text such as `up{job="x"}` */
export function parseSelector(text: string): Selector {
  const matchers = text.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)
  return {
    metric: /^[\w:]*/.exec(text)?.[0] ?? '',
    matchers: [...matchers].map(([, label = '', operator = '', value = '']) => ({
      label,
      values: operator.endsWith('~') ? choice(value) : [value],
    })),
  }
}

const choice = (expression: string): string[] =>
  /^[-\w/|]+$/.test(expression) ? expression.split('|') : []
