interface FileType {
  readonly mediaType: string
  /** How a file of it may begin; `undefined` stands for any byte. */
  readonly signatures: ReadonlyArray<ReadonlyArray<number | undefined>>
  /** What of it is read. */
  readonly pages: string
}

/** The types of files that are read, told from their bytes alone. */
export const fileTypes = {
  png: {
    mediaType: 'image/png',
    signatures: [[0x89, ...bytesOf('PNG\r\n'), 0x1a, 0x0a]],
    pages: 'one page',
  },
  jpeg: { mediaType: 'image/jpeg', signatures: [[0xff, 0xd8, 0xff]], pages: 'one page' },
  webp: {
    mediaType: 'image/webp',
    signatures: [[...bytesOf('RIFF'), ...Array(4).fill(undefined), ...bytesOf('WEBP')]],
    pages: 'the first frame',
  },
  tiff: {
    mediaType: 'image/tiff',
    signatures: ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].map(bytesOf),
    pages: 'every page',
  },
  gif: {
    mediaType: 'image/gif',
    signatures: ['GIF87a', 'GIF89a'].map(bytesOf),
    pages: 'the first frame',
  },
  pdf: {
    mediaType: 'application/pdf',
    signatures: [bytesOf('%PDF-')],
    pages: 'every page, as a picture',
  },
} as const satisfies Record<string, FileType>

export type FileTypeName = keyof typeof fileTypes
export const fileTypeNames = Object.keys(fileTypes) as FileTypeName[]

function bytesOf(text: string): number[] {
  return [...Buffer.from(text, 'latin1')]
}

/** Readers of PDF look so far for its header (ISO 32000-1, annex H.3, note 13). */
const pdfHeaderBytes = 1024

/** The type as which a file begins, if it is one that is read. */
export const typeOfFile = (bytes: Uint8Array): FileTypeName | undefined =>
  fileTypeNames.find((name) =>
    fileTypes[name].signatures.some((signature: FileType['signatures'][number]) =>
      signature.every((byte, index) => byte === undefined || byte === bytes[index]),
    ),
  ) ?? (hasLatePdfHeader(bytes) ? 'pdf' : undefined)

function hasLatePdfHeader({ buffer, byteOffset, length }: Uint8Array): boolean {
  return Buffer.from(buffer, byteOffset, Math.min(length, pdfHeaderBytes)).includes('%PDF-')
}
