import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The pages that people read, from the root of the repository. */
export const pages: readonly string[] = globSync([
  '*.md',
  'docs/*.md',
  'argocd/*.md',
  'observability/*.md',
]).sort()

export const readPage = (page: string): string => readFileSync(page, 'utf8')

/** A relative link of a page: the file it leads to, from the root, and the heading in it, if it names one. */
export interface Link {
  readonly file: string
  readonly anchor: string | undefined
}

export function linksOf(page: string): Link[] {
  const text = withoutFences(readPage(page)).replaceAll(/`[^`\n]*`/g, '')
  return [...text.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#')
      return { file: path === '' ? page : join(dirname(page), path), anchor }
    })
}

/** What links can name in a page: its headings as GitHub writes them, numbered where they are the same. */
export function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of withoutFences(readPage(page)).matchAll(/^#+ (.+)$/gm)) {
    const name = anchorOf(heading)
    let anchor = name
    for (let count = 1; anchors.has(anchor); count++) anchor = `${name}-${count}`
    anchors.add(anchor)
  }
  return anchors
}

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')

/** A page without its blocks of code, and as many lines as before. */
export const withoutFences = (text: string): string =>
  text.replaceAll(/^```[\s\S]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ''))

/** A block of code in a page. */
export interface Snippet {
  readonly page: string
  /** Where it begins, counted from 1. */
  readonly line: number
  readonly language: string
  readonly code: string
  /** What its output holds when it is run: `<!-- run: WORDS -->` stands before those that tests run. */
  readonly expected: string | undefined
}

export function snippetsOf(page: string): Snippet[] {
  const text = readPage(page)
  return [...text.matchAll(/^(?:<!-- run: (.+) -->\n)?```(\w*)\n([\s\S]*?)^```$/gm)].map(
    ({ 1: expected, 2: language = '', 3: code = '', index }) => {
      const line = text.slice(0, index).split('\n').length
      return { page, line, language, code, expected }
    },
  )
}
