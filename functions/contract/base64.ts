/** The bytes, or undefined. Strict but for line breaks, unlike Buffer.from, which skips over whatever is not base64. */
export function decodeBase64(lines: string): Uint8Array | undefined {
  const text = lines.includes('\n') ? lines.replaceAll(/\r?\n/g, '') : lines
  const bytes = Buffer.from(text, 'base64')
  const digits = text.endsWith('==') ? text.length - 2 : text.length - (text.endsWith('=') ? 1 : 0)
  const isWhole = digits % 4 !== 1 && bytes.length === Math.floor((digits * 3) / 4)
  return isWhole ? bytes : undefined
}
