import { createDashboard } from '../dashboard.ts'
import { model } from '../metrics.ts'
import { datasourceVariable, labelVariable, namespaceVariable } from '../variables.ts'
import { enginesRow } from './engines.ts'
import { protocolsRow } from './protocols.ts'
import { qualityRow } from './quality.ts'
import { throughputRow } from './throughput.ts'
import { timeRow } from './time.ts'

const podVariable = labelVariable({
  name: 'pod',
  label: 'Pod of the model',
  metric: model.build,
  values: 'pod',
})

export const engine = createDashboard({
  uid: 'ocr-engine',
  title: 'OCR / Engine and quality',
  description: 'What does the model do, how well does it read, and what limits it?',
  variables: [datasourceVariable(), namespaceVariable(), podVariable],
  rows: [throughputRow, qualityRow, timeRow, enginesRow, protocolsRow],
})
