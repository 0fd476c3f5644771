import sharp from 'sharp'

/** The image formats that are read, as sharp names them, with libvips' loader for each. */
const loaders = {
  jpeg: 'VipsForeignLoadJpeg',
  png: 'VipsForeignLoadPng',
  webp: 'VipsForeignLoadWebp',
  tiff: 'VipsForeignLoadTiff',
  gif: 'VipsForeignLoadNsgif',
} as const

export const formats = Object.keys(loaders)

/**
 * Leaves libvips only the loaders of {@link formats}, and no cache and no threads of its own: one
 * page is worked on per slot, and there are as many slots as CPUs. Holds for the whole process.
 */
export function restrictLoaders(): void {
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: Object.values(loaders) })
  sharp.cache(false)
  sharp.concurrency(1)
}
