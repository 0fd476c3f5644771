import { area, curveStepAfter, line } from 'd3-shape'
import type { PodCount, PodSample } from '../recording.ts'
import { element } from './markup.ts'
import type { Panel } from './panel.ts'

interface Step {
  readonly at: number
  readonly count: PodCount
}

/** The pods of one service: those that are ready as a filled step, those that are wanted as a dashed one above. */
export function podsPanel(service: 'gateway' | 'model', pods: readonly PodSample[]): Panel {
  const steps = stepsOf(pods.map(({ at, [service]: count }) => ({ at, count })))
  const most = Math.max(1, ...steps.map(({ count }) => Math.max(count.wanted, count.ready)))
  return {
    title: `Pods of the ${service}`,
    height: 30 + 22 * Math.min(5, most),
    most,
    isWhole: true,
    legend: [
      { name: service, text: 'ready', shape: 'area' },
      { name: service, text: 'wanted', shape: 'wanted' },
    ],
    draw(x, y) {
      const path = (key: keyof PodCount) =>
        line<Step>()
          .x(({ at }) => x(at))
          .y(({ count }) => y(count[key]))
          .curve(curveStepAfter)
          .digits(1)(steps) ?? ''
      const filled =
        area<Step>()
          .x(({ at }) => x(at))
          .y0(y(0))
          .y1(({ count }) => y(count.ready))
          .curve(curveStepAfter)
          .digits(1)(steps) ?? ''
      return [
        element('path', { class: `${service} area`, d: filled }),
        element('path', { class: `${service} line wanted`, d: path('wanted') }),
        element('path', { class: `${service} line`, d: path('ready') }),
      ]
    },
  }
}

/** As many as a step line can have before it is a block. */
const mostSteps = 150

/** The samples at which something changed, and the last one, up to which it is known. */
function stepsOf(samples: readonly Step[]): Step[] {
  const steps = samples.filter(({ count }, index) => {
    const before = samples[index - 1]?.count
    const isSame = before?.wanted === count.wanted && before.ready === count.ready
    return !isSame || index === samples.length - 1
  })
  const seconds = (samples.at(-1)?.at ?? 0) / mostSteps
  return steps.length <= mostSteps ? steps : thinned(steps, seconds)
}

/** One step for each piece of time, of the most that there was in it. */
const thinned = (steps: readonly Step[], seconds: number): Step[] =>
  [...Map.groupBy(steps, ({ at }) => Math.floor(at / seconds))].map(([piece, of]) => ({
    at: piece * seconds,
    count: {
      wanted: Math.max(...of.map(({ count }) => count.wanted)),
      ready: Math.max(...of.map(({ count }) => count.ready)),
    },
  }))
