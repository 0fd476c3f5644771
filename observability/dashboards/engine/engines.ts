import {
  BytesIEC,
  CountsPerSecond,
  NoUnit,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units'
import type { Row } from '../dashboard.ts'
import { modelPods, nodeOfModelPods } from '../metrics.ts'
import { lines, stacked } from '../panels/kinds.ts'
import { gaugeOf, orZero, rateOf } from '../promql/query.ts'

export const enginesRow: Row = {
  title: 'Engines',
  panels: [
    lines({
      title: 'Slots',
      question:
        'How many pages are being read, and how many could be? Each slot is an engine at work.',
      unit: Short,
      width: 8,
      empty: 'no pods',
      queries: [
        { expr: gaugeOf(modelPods.slotsBusy), legend: 'busy' },
        { expr: gaugeOf(modelPods.slotsLimit), legend: 'limit' },
      ],
    }),
    lines({
      title: 'Queue',
      question: 'How many pages wait for a slot, in all pods and in the one where most of them do?',
      unit: Short,
      width: 8,
      empty: 'no pods',
      queries: [
        { expr: gaugeOf(modelPods.queuePages), legend: 'all pods' },
        { expr: gaugeOf(modelPods.queuePages, { take: 'max' }), legend: 'fullest pod' },
      ],
    }),
    stacked({
      title: 'Ends of engine processes by reason',
      question:
        'Why do engines end? recycled, replaced and closed are in order; killed is a page that took too long or whose caller went away; crashed is a defect.',
      unit: CountsPerSecond,
      width: 8,
      empty: 'none ended',
      queries: [
        { expr: rateOf(modelPods.processesEnded, { by: ['reason'] }), legend: '{{reason}}' },
      ],
    }),
    stacked({
      title: 'Engine processes by language',
      question: 'Which languages are loaded, and in how many processes?',
      unit: Short,
      width: 8,
      empty: 'no processes',
      queries: [{ expr: gaugeOf(modelPods.engineProcesses, { by: ['lang'] }), legend: '{{lang}}' }],
    }),
    stacked({
      title: 'Memory of engines by language',
      question:
        'How much memory do engines hold? What several of them share is counted for each, so the pod has less.',
      unit: BytesIEC,
      width: 8,
      empty: 'no processes',
      queries: [{ expr: gaugeOf(modelPods.engineMemory, { by: ['lang'] }), legend: '{{lang}}' }],
    }),
    lines({
      title: 'Starts of engine processes',
      question:
        'How often is an engine started? Each start costs the time in which languages are loaded.',
      unit: CountsPerSecond,
      width: 8,
      queries: [{ expr: orZero(rateOf(modelPods.processesStarted)), legend: 'starts' }],
    }),
    stacked({
      title: 'CPU of engines and of Node',
      question:
        'How many CPUs do engines and other programs use, and how many Node itself, which decodes and parses?',
      unit: NoUnit,
      width: 8,
      empty: 'no pods',
      queries: [
        { expr: rateOf(modelPods.programCpu), legend: 'engines' },
        { expr: rateOf(nodeOfModelPods.cpu), legend: 'Node' },
      ],
    }),
    lines({
      title: 'Memory of Node',
      question:
        'Does the memory of Node grow without end? The heap is the part that JavaScript uses.',
      unit: BytesIEC,
      width: 8,
      empty: 'no pods',
      queries: [
        { expr: gaugeOf(nodeOfModelPods.memory), legend: 'resident' },
        { expr: gaugeOf(nodeOfModelPods.heap), legend: 'heap' },
      ],
    }),
    lines({
      title: 'Lag of the event loop',
      question:
        'Is Node kept from answering, in the pod where it is worst? Its timers are late by this.',
      unit: Seconds,
      width: 8,
      empty: 'no pods',
      queries: [{ expr: gaugeOf(nodeOfModelPods.lag, { take: 'max' }), legend: '99 %' }],
      limits: [
        { from: 0.1, color: 'yellow' },
        { from: 1, color: 'red' },
      ],
    }),
  ],
}
