import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Plain JavaScript for Node 20 and later: it runs before the dependencies are there.

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')

/** Node 24 from the dependencies, however old the Node that runs npm is. */
export const node = join(bin, 'node')

/** The environment for what runs after the set-up: our own programs come first. */
export const environment = { ...process.env, PATH: `${bin}:${process.env['PATH']}` }

/**
 * Installs what is missing: the npm packages, tesseract with its English and layout data, and what draws
 * the pages of a PDF.
 * @param {string[]} languages more of them
 */
export function setup(languages = []) {
  installPackages()
  installTesseract(['eng', 'osd', ...languages])
  installPoppler()
}

/** What tests and figures read besides English. */
export const testLanguages = ['deu', 'fra', 'rus', 'ell', 'jpn']

export function installPackages() {
  once('node_modules/.installed', ['package-lock.json'], () => {
    say('installing the npm packages')
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  })
}

/** @param {string[]} languages */
function installTesseract(languages) {
  // Debian's names have no underscores: chi_sim is in tesseract-ocr-chi-sim.
  const data = languages.map((name) => `tesseract-ocr-${name.replaceAll('_', '-')}`)
  const packages = ['tesseract-ocr', ...data]
  installByApt(packages, () => {
    const { status, stdout } = spawnSync('tesseract', ['--list-langs'], { encoding: 'utf8' })
    const installed = (stdout ?? '').split('\n')
    return status === 0 && languages.every((name) => installed.includes(name))
  })
}

/** Fonts for documents that come without theirs, and tables for those in Chinese, Japanese and Korean. */
function installPoppler() {
  const files = ['/usr/share/poppler', '/usr/share/fonts/truetype/liberation']
  installByApt(
    ['poppler-utils', 'poppler-data', 'fonts-liberation'],
    () => spawnSync('pdftoppm', ['-v']).status === 0 && files.every((file) => existsSync(file)),
  )
}

/**
 * Installs Debian packages unless what they bring is there.
 * @param {string[]} packages
 * @param {() => boolean} isThere
 */
export function installByApt(packages, isThere) {
  if (isThere()) return
  say(`installing ${packages.join(', ')} by apt`)
  const sudo = process.getuid?.() === 0 ? [] : ['sudo']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  /** @param {string[]} args */
  const apt = (...args) => {
    const [file = '', ...rest] = [...sudo, 'apt-get', '-qq', ...args]
    return spawnSync(file, rest, { stdio: ['inherit', 'ignore', 'inherit'], env }).status === 0
  }
  apt('update')
  if (apt('install', '-y', '--no-install-recommends', ...packages) && isThere()) return
  throw new Error(
    `${packages.join(' and ')} could not be installed.\n` +
      `On Debian or Ubuntu: apt-get install ${packages.join(' ')}. Then run this again.`,
  )
}

/**
 * Does an installation, unless it was done with the same content of some files before.
 * @param {string} stamp file that tells so; it goes with what was installed
 * @param {string[]} files
 * @param {() => void} install
 */
export function once(stamp, files, install) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(join(root, file)))
  const wanted = hash.digest('hex')
  const path = join(root, stamp)
  if (existsSync(path) && readFileSync(path, 'utf8') === wanted) return
  install()
  writeFileSync(path, wanted)
}

/**
 * Runs a program to its end; what it prints is shown.
 * @param {string} file
 * @param {string[]} args
 */
export function run(file, args, env = environment) {
  execFileSync(file, args, { cwd: root, env, stdio: 'inherit' })
}

/**
 * Does the work of a script; what goes wrong is one line, and exit code 1.
 * @param {() => void | Promise<void>} work
 */
export async function orFail(work) {
  try {
    await work()
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    process.exit(1)
  }
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const isForTests = process.argv[2] === '--test-languages'
  await orFail(() => setup(isForTests ? testLanguages : []))
}
