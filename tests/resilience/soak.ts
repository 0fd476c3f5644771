import { parseArgs } from 'node:util'
import { report } from './report.ts'
import { soak } from './soak/run.ts'

// Keeps both services at 70 % of what they can do, by pages of all sizes, files that cannot be read, clients that go
// away and engines that are killed, and tells whether anything grew, slowed down or was lost: soak --minutes 60.

// Services and files are ended and removed at the exit.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130))

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error(`--minutes is "${values.minutes}", but must be above 0`)
const { figures, goals } = await soak(minutes)
report('soak', figures, goals)
