import { parser } from '@prometheus-io/lezer-promql'

type Node = ReturnType<typeof parser.parse>['topNode']

/** What an expression in PromQL looks at. */
export interface Reading {
  readonly selections: readonly Selection[]
  /** Labels by which results are told apart, joined or enriched, with the series below that they are of. */
  readonly groupings: readonly Grouping[]
}

export interface Selection {
  readonly series: string
  /** Labels in its matchers. */
  readonly labels: readonly string[]
  /** The one job that it is of, where it says so. */
  readonly job: string | undefined
}

interface Grouping {
  readonly labels: readonly string[]
  readonly of: readonly Selection[]
}

/** With durations in place of the variables of Grafana that are such; others stand in texts. */
export const withDurations = (expression: string): string =>
  expression.replace(/\$__(?:rate_interval|range|interval)\b/g, '5m')

/** @throws Error if it is no PromQL */
export function readExpression(expression: string): Reading {
  const text = withDurations(expression)
  const { topNode } = parser.parse(text)
  if (all(topNode, '⚠').length > 0) throw new Error(`not PromQL: ${expression}`)
  const selectionsIn = (node: Node) =>
    all(node, 'VectorSelector').map((selector) => selectionOf(selector, text))
  return {
    selections: selectionsIn(topNode),
    groupings: all(topNode, 'GroupingLabels').map((node) => ({
      labels: all(node, 'LabelName').map((name) => textOf(name, text)),
      of: selectionsIn(enclosing(node)),
    })),
  }
}

function selectionOf(selector: Node, text: string): Selection {
  const matchers = all(selector, 'UnquotedLabelMatcher').map((matcher) => textOf(matcher, text))
  const name = selector.getChild('Identifier')
  if (!name) throw new Error(`a selection without a name: ${textOf(selector, text)}`)
  return {
    series: textOf(name, text),
    labels: matchers.map((matcher) => /^\w+/.exec(matcher)?.[0] ?? ''),
    job: matchers.map((matcher) => /^job\s*=\s*"([^"]+)"$/.exec(matcher)?.[1]).find(Boolean),
  }
}

/** The aggregation or operation whose clause it is. */
function enclosing(clause: Node): Node {
  const { parent } = clause
  if (!parent) return clause
  return /^(?:AggregateExpr|BinaryExpr)$/.test(parent.name) ? parent : enclosing(parent)
}

function all(node: Node, name: string): Node[] {
  const found: Node[] = []
  node.cursor().iterate((at) => {
    if (at.name === name) found.push(at.node)
  })
  return found
}

const textOf = ({ from, to }: Node, text: string): string => text.slice(from, to)
