import sharp from 'sharp'
import type { FileTypeName } from '../../contract/file-types.ts'

/** libvips' loader for each of the image formats that are read. */
const loaders = {
  jpeg: 'VipsForeignLoadJpeg',
  png: 'VipsForeignLoadPng',
  webp: 'VipsForeignLoadWebp',
  tiff: 'VipsForeignLoadTiff',
  gif: 'VipsForeignLoadNsgif',
} satisfies Record<Exclude<FileTypeName, 'pdf'>, string>

/**
 * Leaves libvips only the loaders of {@link loaders}, and no cache and no threads of its own: one
 * page is worked on per slot, and there are as many slots as CPUs. Holds for the whole process.
 */
export function restrictLoaders(): void {
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: Object.values(loaders) })
  sharp.cache(false)
  sharp.concurrency(1)
}
