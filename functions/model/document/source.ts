import { typeOfFile } from '../../contract/file-types.ts'
import { decode, requireImage } from '../image/decode.ts'
import { openImageFile } from '../image/file/open.ts'
import type { ImageLimits } from '../image/limits.ts'
import type { Workspace } from '../workspace.ts'
import type { DocumentLimits, SourceDocument } from './document.ts'
import { openPdf } from './pdf.ts'

/**
 * Opens a document; the format is told from the bytes alone.
 * @param dpi pixels per inch that the caller knows better than the file
 * @throws OcrError `unsupported_media`, `undecodable_image`, `encrypted_document`, `too_many_pages`, or `overloaded` without room for it
 */
export async function openDocument(
  bytes: Uint8Array,
  options: { dpi: number | undefined; workspace: Workspace; limits: DocumentLimits },
  signal: AbortSignal,
): Promise<SourceDocument> {
  const { dpi, workspace, limits } = options
  if (typeOfFile(bytes) !== 'pdf') return await openImage(bytes, dpi, limits)
  return await openPdf(bytes, workspace, { ...limits, pdfDpi: dpi ?? limits.pdfDpi }, signal)
}

/** Whether opening takes time; the header of a single image does not. */
export const mayBeLong = (bytes: Uint8Array): boolean =>
  ['tiff', 'pdf'].includes(typeOfFile(bytes) ?? '')

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
