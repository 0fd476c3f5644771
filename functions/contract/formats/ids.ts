/**
 * Names the parts of one page as tesseract does: `word_3_7` is the seventh word on page 3. They are XML
 * names without a colon (NCName), each only once in a document.
 */
export function createIds(pageNumber: number): (part: string) => string {
  const counts = new Map<string, number>()
  return (part) => {
    const count = (counts.get(part) ?? 0) + 1
    counts.set(part, count)
    return `${part}_${pageNumber}_${count}`
  }
}

export const pageId = (pageNumber: number): string => `page_${pageNumber}`
