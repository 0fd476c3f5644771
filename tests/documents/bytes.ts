/** Bytes that a compressor makes next to nothing of. */
export const zeros = (length: number): Buffer => Buffer.alloc(length)

/** Numbers of so many bytes each, the lowest byte first. */
export function little(size: 2 | 3 | 4, ...values: number[]): Buffer {
  const bytes = Buffer.alloc(size * values.length)
  for (const [index, value] of values.entries()) bytes.writeUIntLE(value, index * size, size)
  return bytes
}

/** The same, the highest byte first. */
export function big(size: 2 | 4, ...values: number[]): Buffer {
  const bytes = Buffer.alloc(size * values.length)
  for (const [index, value] of values.entries()) bytes.writeUIntBE(value, index * size, size)
  return bytes
}

/** The same part so many times. */
export const repeated = (count: number, part: Buffer): Buffer =>
  Buffer.alloc(count * part.length, part)
