import { renderText } from '../../tests/documents/render.ts'
import { metricsCost } from './metrics.ts'
import { gatewayOverhead } from './overhead.ts'
import { podTimes } from './pods.ts'
import { startTimes } from './start.ts'

// What the gateway costs and what it gives: its part of a short request, its start, metrics, and a second pod of the
// model.

const line = await renderText('Total due 48.20 by 30 June', { size: 10, dpi: 150, margin: 30 })
const image = await line.png().toBuffer()
const overhead = await gatewayOverhead(image)
const metrics = await metricsCost(image)
const start = await startTimes()
const pods = await podTimes()

const row = (name: string, value: number, base: number, unit: string, digits: number) =>
  `| ${name} | ${value.toFixed(digits)} ${unit} | ${base.toFixed(digits)} ${unit} | ${(value / base).toFixed(2)} |`
console.log(`
| | measured | against | ratio |
|---|---:|---:|---:|
${row('short line through the gateway, against the model alone, p50', overhead.gateway, overhead.model, 'ms', 1)}
${row('short line with metrics, against none, p50', metrics.on.ms, metrics.off.ms, 'ms', 2)}
${row('CPU time of both services for it, against none', metrics.on.cpuMs, metrics.off.cpuMs, 'ms', 2)}
${row('start of the bundle until it listens, against an empty server', start.gateway, start.bare, 'ms', 0)}
${row('ten pages by two models on a CPU each, against one', pods.two, pods.one, 's', 2)}`)
