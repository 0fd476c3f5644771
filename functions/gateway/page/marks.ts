import type { Span } from './page-text.ts'

/** What a part of the text may be marked as; page.css has a style for each. */
export type Mark = 'doubtful' | 'uncertain' | 'hidden-words' | 'found' | 'current-match' | 'marked'

/** Later ones lie above. */
const order: readonly Mark[] = [
  'doubtful',
  'uncertain',
  'hidden-words',
  'found',
  'current-match',
  'marked',
]

/**
 * Marks parts of one text without an element for each of its words, by the CSS Custom Highlight API. A browser
 * without it shows the plain text.
 */
export function createMarks(): (text: Text, mark: Mark, spans: readonly Span[]) => void {
  const highlights = new Map(
    typeof Highlight === 'undefined' ? [] : order.map((mark) => [mark, new Highlight()]),
  )
  for (const [priority, [mark, highlight]] of [...highlights].entries()) {
    highlight.priority = priority
    CSS.highlights.set(mark, highlight)
  }
  return (text, mark, spans) => {
    const highlight = highlights.get(mark)
    if (!highlight) return
    highlight.clear()
    for (const span of spans) if (span.end > span.start) highlight.add(staticRange(text, span))
  }
}

const staticRange = (text: Text, { start, end }: Span): StaticRange =>
  new StaticRange({
    startContainer: text,
    startOffset: start,
    endContainer: text,
    endOffset: Math.min(end, text.length),
  })
