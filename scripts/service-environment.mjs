/**
 * What a service is started with, as the Dockerfiles have it, too: glibc and V8 read it before a line of ours runs.
 * By itself glibc makes up to eight heaps per CPU, and after one large block is freed takes all of up to 32 MiB out
 * of heaps, which it seldom gives back. After 200 images of all kinds and sizes Node had 500 MiB by its defaults,
 * 380 MiB with two heaps, and 230 MiB where large blocks are given back as well; the time was the same. V8 lets its
 * young generation grow for hours, to 128 MiB on a large machine, although requests leave little in it.
 */
export const serviceEnvironment = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  NODE_OPTIONS: '--max-semi-space-size=16',
}
