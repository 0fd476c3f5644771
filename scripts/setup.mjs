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

/** Installs what is missing: the npm packages, and tesseract with its English and layout data. */
export function setup() {
  installPackages()
  installTesseract()
}

function installPackages() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  const stamp = join(root, 'node_modules', '.installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('installing the npm packages')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stamp, wanted)
}

const languages = ['eng', 'osd']

function installTesseract() {
  if (hasTesseract()) return
  const packages = ['tesseract-ocr', ...languages.map((name) => `tesseract-ocr-${name}`)]
  say(`installing ${packages.join(', ')} by apt`)
  const sudo = process.getuid?.() === 0 ? [] : ['sudo']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  /** @param {string[]} args */
  const apt = (...args) => {
    const [file = '', ...rest] = [...sudo, 'apt-get', '-qq', ...args]
    return spawnSync(file, rest, { stdio: ['inherit', 'ignore', 'inherit'], env }).status === 0
  }
  apt('update')
  if (apt('install', '-y', '--no-install-recommends', ...packages) && hasTesseract()) return
  throw new Error(
    `tesseract with the data of ${languages.join(' and ')} is missing and could not be installed.\n` +
      `On Debian or Ubuntu: apt-get install ${packages.join(' ')}. Then run this again.`,
  )
}

function hasTesseract() {
  const { status, stdout } = spawnSync('tesseract', ['--list-langs'], { encoding: 'utf8' })
  const installed = (stdout ?? '').split('\n')
  return status === 0 && languages.every((name) => installed.includes(name))
}

/**
 * Runs a program to its end; what it prints is shown.
 * @param {string} file
 * @param {string[]} args
 */
export function run(file, args) {
  execFileSync(file, args, { cwd: root, env: environment, stdio: 'inherit' })
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup()
