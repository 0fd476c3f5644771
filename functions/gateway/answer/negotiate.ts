import { parseAccept } from 'hono/utils/accept'
import { answerFormats, type Format, formats } from '../../contract/answer-formats.ts'
import type { AnswerRequest } from '../../contract/answer-request.ts'
import { OcrError } from '../../contract/errors.ts'

/** A format, and the name by which it is sent. */
interface Negotiated {
  readonly format: Format
  readonly contentType: string
}

/** All that a caller wants of an answer. */
export type Wanted = AnswerRequest & Negotiated

const offers: ReadonlyArray<{ format: Format; mediaType: string }> = [
  // What a range such as */* gets is the first of them, under its own name.
  ...formats.map((format) => ({ format, mediaType: answerFormats[format].mediaTypes[0] })),
  ...formats.flatMap((format) =>
    answerFormats[format].mediaTypes.slice(1).map((mediaType) => ({ format, mediaType })),
  ),
]

/**
 * Chooses the format of an answer (RFC 9110, 12.5.1).
 * @param format the option of that name, which wins
 * @param accept the header; without it anything will do
 * @throws OcrError `not_acceptable` naming what there is
 */
export function negotiate(format: Format | undefined, accept: string | undefined): Negotiated {
  if (format) return named(format, answerFormats[format].mediaTypes[0])
  const ranges = parseAccept(accept || '*/*').map(({ type, q }) => ({
    type: type.toLowerCase(),
    q,
  }))
  const qualityOf = (mediaType: string): number => {
    const matching = ranges.filter(({ type }) => matches(mediaType, type))
    // Of the most specific range; the longest is.
    return matching.sort((a, b) => b.type.length - a.type.length)[0]?.q ?? 0
  }
  const rated = offers.map((offer) => ({ ...offer, quality: qualityOf(offer.mediaType) }))
  const [best] = rated.sort((a, b) => b.quality - a.quality)
  if (best && best.quality > 0) return named(best.format, best.mediaType)
  const names = formats.map((name) => answerFormats[name].mediaTypes[0]).join(', ')
  throw new OcrError('not_acceptable', `Accept must allow one of ${names}.`)
}

const named = (format: Format, mediaType: string): Negotiated => ({
  format,
  contentType: mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType,
})

const matches = (mediaType: string, range: string): boolean =>
  range === '*/*' ||
  mediaType === range ||
  (range.endsWith('/*') && mediaType.startsWith(range.slice(0, -1)))
