const bigTiff = 43

/** Bytes of a number. */
type Size = 2 | 4 | 8

/** How directories stand in a file: TIFF 6.0, section 2, and BigTIFF, which has longer numbers. */
export interface Layout {
  /** Where it is told where the first directory is. */
  readonly link: number
  readonly countBytes: Size
  readonly entryBytes: number
  readonly offsetBytes: Size
  readonly isLittle: boolean
}

/** The numbers in a file. */
export interface Numbers {
  readonly layout: Layout
  readonly fileBytes: number
  /** The number at a place; 0 where the file has ended. */
  at(place: number, size: Size): number
}

/** @param bytes of a TIFF, four or more */
export function createNumbers(bytes: Uint8Array): Numbers {
  const view = viewOf(bytes)
  const isLittle = view.getUint8(0) === 0x49
  const layout: Layout =
    view.getUint16(2, isLittle) === bigTiff
      ? { link: 8, countBytes: 8, entryBytes: 20, offsetBytes: 8, isLittle }
      : { link: 4, countBytes: 2, entryBytes: 12, offsetBytes: 4, isLittle }
  const at = (place: number, size: Size): number => {
    if (place + size > bytes.length) return 0
    if (size === 2) return view.getUint16(place, isLittle)
    if (size === 4) return view.getUint32(place, isLittle)
    return Number(view.getBigUint64(place, isLittle))
  }
  return { layout, fileBytes: bytes.length, at }
}

/** Writes numbers into a file. */
export function createWriter(bytes: Uint8Array, { isLittle }: Layout) {
  const view = viewOf(bytes)
  return (place: number, size: Size, value: number): void => {
    if (size === 2) view.setUint16(place, value, isLittle)
    else if (size === 4) view.setUint32(place, value, isLittle)
    else view.setBigUint64(place, BigInt(value), isLittle)
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength)
