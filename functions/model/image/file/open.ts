import { type FileTypeName, typeOfFile } from '../../../contract/file-types.ts'
import { openGif } from './gif.ts'
import type { ImageFile } from './image-file.ts'
import { openJpeg } from './jpeg.ts'
import { openPng } from './png.ts'
import { openTiff } from './tiff.ts'
import { openWebp } from './webp.ts'

const types: Partial<Record<FileTypeName, (bytes: Uint8Array) => ImageFile>> = {
  png: openPng,
  jpeg: openJpeg,
  webp: openWebp,
  tiff: openTiff,
  gif: openGif,
}

/** @throws OcrError `too_many_pages` */
export function openImageFile(bytes: Uint8Array): ImageFile {
  const type = typeOfFile(bytes)
  const open = type && types[type]
  return open ? open(bytes) : { pageCount: 1, frames: 1, bytes }
}
