import { OcrError } from '../../contract/errors.ts'
import type { ReadHeader } from '../../platform/access-log.ts'

const howTo = 'as "Authorization: Bearer KEY" or as "X-API-Key: KEY"'

/**
 * The key that a request presents. Credentials of other schemes than Bearer are somebody else's.
 * @throws OcrError `unauthorized` when there is none, or when there are two
 */
export function presentedKey(header: ReadHeader): string {
  const [, token] = /^bearer(?=\s|$)(.*)$/i.exec(header('authorization') ?? '') ?? []
  const [key, other] = [token, header('x-api-key')].map((value) => value?.trim()).filter(Boolean)
  if (!key) throw new OcrError('unauthorized', `A key is needed: send it ${howTo}.`)
  if (other && other !== key) {
    const message = 'Authorization and X-API-Key hold different keys; send one of them.'
    throw new OcrError('unauthorized', message)
  }
  return key
}

export const unknownKey = (): OcrError =>
  new OcrError(
    'unauthorized',
    `The key is not valid here. Check that it is complete and still in use, and send it ${howTo}.`,
  )
