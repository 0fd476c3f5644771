import { writeFileSync } from 'node:fs'
import { writtenFiles } from './docs/written-files.ts'

for (const [path, text] of writtenFiles()) writeFileSync(path, text)
