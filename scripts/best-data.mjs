import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

// Unpacks the more accurate language data of the profile "best", node scripts/best-data.mjs FOLDER: whatever
// packages of them are installed. Plain JavaScript for Node 20 and later.

const packages = 'node_modules/@tesseract.js-data'

/**
 * @param {string} folder is made
 * @param {string} [root] of the repository
 */
export function unpackBestData(folder, root = '.') {
  mkdirSync(folder, { recursive: true })
  for (const language of readdirSync(join(root, packages))) {
    const packed = join(root, packages, language, '4.0.0_best_int', `${language}.traineddata.gz`)
    writeFileSync(join(folder, `${language}.traineddata`), gunzipSync(readFileSync(packed)))
  }
}

const [, script, folder] = process.argv
if (script === fileURLToPath(import.meta.url) && folder) unpackBestData(folder)
