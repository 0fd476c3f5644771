import type { Page, Picture as SentPicture } from '../../contract/ocr.ts'
import type { Size } from './viewport.ts'

/** A picture that an element can show. */
export interface Picture extends Size {
  readonly url: string
}

/** Only such may become part of this page. */
const mediaTypes = ['image/jpeg', 'image/png', 'image/webp']

/** @returns undefined for what is no picture that is shown here */
export function pictureOf({ mediaType, width, height, data }: SentPicture): Picture | undefined {
  if (!mediaTypes.includes(mediaType)) return undefined
  try {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
    return { url: URL.createObjectURL(new Blob([bytes], { type: mediaType })), width, height }
  } catch {
    return undefined
  }
}

/**
 * Whether the file itself shows a page as it was read. It does not where the page was turned or scaled: then its boxes
 * would lie beside the words.
 */
export const showsPage = (file: Size, page: Page): boolean =>
  file.width === page.width && file.height === page.height && (page.orientation?.rotated ?? 0) === 0
