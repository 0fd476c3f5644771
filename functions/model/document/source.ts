import { type FileTypeName, typeOfFile } from '../../contract/file-types.ts'
import { decode, requireImage } from '../image/decode.ts'
import { openImageFile } from '../image/file/open.ts'
import type { ImageLimits } from '../image/limits.ts'
import type { Workspace } from '../workspace.ts'
import type { DocumentLimits, SourceDocument } from './document.ts'
import { openPdf } from './pdf.ts'

/**
 * Opens a document; the format is told from the bytes alone.
 * @param dpi pixels per inch that the caller knows better than the file
 * @throws OcrError `unsupported_media`, `undecodable_image`, `encrypted_document` or `too_many_pages`
 */
export async function openDocument(
  bytes: Uint8Array,
  options: { dpi: number | undefined; workspace: Workspace; limits: DocumentLimits },
  signal: AbortSignal,
): Promise<SourceDocument> {
  const { dpi, workspace, limits } = options
  if (typeOfDocument(bytes) !== 'pdf') return await openImage(bytes, dpi, limits)
  return await openPdf(bytes, workspace, { ...limits, pdfDpi: dpi ?? limits.pdfDpi }, signal)
}

/** Whether opening takes time; the header of a single image does not. */
export const mayBeLong = (bytes: Uint8Array): boolean =>
  ['tiff', 'pdf'].includes(typeOfDocument(bytes) ?? '')

/** Readers of PDF look so far for its header (ISO 32000-1, annex H.3, note 13). */
const headerBytes = 1024

/** The type as which a document is opened, if it is one that is read. */
export function typeOfDocument(bytes: Uint8Array): FileTypeName | undefined {
  const type = typeOfFile(bytes)
  if (type) return type
  const { length } = bytes
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(length, headerBytes))
  return head.includes('%PDF-') ? 'pdf' : undefined
}

async function openImage(
  file: Uint8Array,
  dpi: number | undefined,
  limits: ImageLimits,
): Promise<SourceDocument> {
  const { pageCount, frames, bytes } = openImageFile(file)
  await requireImage(bytes)
  return {
    pageCount,
    async openPage(number) {
      const image = await decode(bytes, limits, number)
      const density = dpi ?? image.density
      return { image: { ...image, density, frames }, [Symbol.dispose]() {} }
    },
    [Symbol.dispose]() {},
  }
}
