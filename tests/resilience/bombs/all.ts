import type { Bomb } from './bomb.ts'
import { foreignBombs } from './foreign.ts'
import { gifBombs } from './gif.ts'
import { jpegBombs } from './jpeg.ts'
import { pdfBombs } from './pdf.ts'
import { pngBombs } from './png.ts'
import { tiffBombs } from './tiff.ts'
import { webpBombs } from './webp.ts'

export const bombs: readonly Bomb[] = [
  ...pngBombs,
  ...jpegBombs,
  ...webpBombs,
  ...tiffBombs,
  ...gifBombs,
  ...pdfBombs,
  ...foreignBombs,
]
