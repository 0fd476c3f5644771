import { createRequire } from 'node:module'
import sharp from 'sharp'
import { fromSharp, type Pixels } from './pixels.ts'

const google = '@expo-google-fonts'

/** Typefaces out of the development dependencies: like those of offices, books, tills and typewriters. */
const faces = {
  sans: [`${google}/arimo/400Regular/Arimo_400Regular.ttf`, 'Arimo'],
  bold: [`${google}/arimo/700Bold/Arimo_700Bold.ttf`, 'Arimo Bold'],
  serif: [`${google}/tinos/400Regular/Tinos_400Regular.ttf`, 'Tinos'],
  italic: [`${google}/tinos/400Regular_Italic/Tinos_400Regular_Italic.ttf`, 'Tinos Italic'],
  typewriter: [`${google}/cousine/400Regular/Cousine_400Regular.ttf`, 'Cousine'],
  narrow: [`${google}/pt-sans-narrow/400Regular/PTSansNarrow_400Regular.ttf`, 'PT Sans Narrow'],
  till: [`${google}/vt323/400Regular/VT323_400Regular.ttf`, 'VT323'],
  wide: ['dejavu-fonts-ttf/ttf/DejaVuSans.ttf', 'DejaVu Sans'],
  book: ['dejavu-fonts-ttf/ttf/DejaVuSerif.ttf', 'DejaVu Serif'],
} as const

export type Face = keyof typeof faces

const { resolve } = createRequire(import.meta.url)

export interface Style {
  readonly face: Face
  /** Pixels per em. */
  readonly size: number
  readonly align?: 'left' | 'right' | 'centre'
  /** Lines are broken at this width, in pixels. */
  readonly width?: number
  /** Pixels between lines, beyond the face's own. */
  readonly leading?: number
}

/** Black text on white, cut to its size. */
export async function typeset(text: string, style: Style): Promise<Pixels> {
  const [file, family] = faces[style.face]
  const ink = await sharp({
    text: {
      text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
      font: `${family} ${style.size}`,
      fontfile: resolve(file),
      dpi: 72,
      rgba: true,
      align: style.align ?? 'left',
      spacing: style.leading ?? 0,
      ...(style.width && { width: style.width, wrap: 'word' }),
    },
  })
    .png()
    .toBuffer()
  return fromSharp(sharp(ink).flatten({ background: 'white' }))
}
