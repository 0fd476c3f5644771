import { Failure, otherFile } from './errors.ts'

/** A document that is to be read. */
export interface Source {
  readonly name: string
  readonly file: Blob
  /** Where a command in the repository finds it, if not by its name. */
  readonly path?: string
}

/** What the samples are called where they are served, and in the repository. */
export const samplePath = (name: string) => ({
  url: `page/samples/${name}`,
  path: `examples/${name}`,
})

/**
 * The document among the files that were dropped, pasted or picked: the first of them.
 * @throws Failure if there is none, or nothing in it
 */
export function sourceOf(files: readonly File[]): Source {
  const [file] = files
  if (!file) {
    throw new Failure({
      title: 'There is no file',
      detail: 'What came holds no file: a folder, a link or text cannot be read.',
      step: otherFile('Choose an image or a PDF.'),
    })
  }
  if (file.size === 0) {
    throw new Failure({
      title: 'There is nothing to read',
      detail: `${file.name || 'The file'} is empty, or it is a folder.`,
      step: otherFile('Choose an image or a PDF.'),
    })
  }
  return { name: nameOf(file), file }
}

/** Browsers call what is pasted "image.png", and some give it no name. */
function nameOf({ name, type }: File): string {
  if (name !== '') return name
  const [, subtype = ''] = type.split('/')
  return /^[a-z]+$/.test(subtype) ? `document.${subtype}` : 'document'
}

/** Types that browsers show by themselves. */
const shown = ['image/png', 'image/jpeg', 'image/webp', 'image/gif']
export const isShown = ({ type }: Blob): boolean => shown.includes(type)

/** Whether a file may have several pages; one of a type that the browser does not know may. */
export const mayHavePages = (file: Blob): boolean => !isShown(file)

export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const [value, unit] = bytes < 999_500 ? [bytes / 1000, 'kB'] : [bytes / 1_000_000, 'MB']
  return `${value.toFixed(value < 9.95 ? 1 : 0).replace(/\.0$/, '')} ${unit}`
}
