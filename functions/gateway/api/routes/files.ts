import { fileTypeNames, fileTypes } from '../../../contract/file-types.ts'

const fileMediaTypes = fileTypeNames.map((name) => fileTypes[name].mediaType)
export const bytes = { type: 'string', format: 'binary' } as const

export const fileDescription = `The document: ${fileMediaTypes.join(', ')}. Its type is told from its bytes.`

/** A body that is the file itself, by its media type. */
export const files = Object.fromEntries(
  [...fileMediaTypes, 'application/octet-stream'].map((name) => [name, { schema: bytes }]),
)
