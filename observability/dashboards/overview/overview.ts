import { createDashboard } from '../dashboard.ts'
import { datasourceVariable, namespaceVariable } from '../variables.ts'
import { atAGlance } from './at-a-glance.ts'
import { availabilityRow } from './availability.ts'
import { errorsRow } from './errors.ts'
import { eventsRow } from './events.ts'
import { latencyRow } from './latency.ts'
import { modelCallsRow } from './model-calls.ts'
import { saturationRow } from './saturation.ts'
import { trafficRow } from './traffic.ts'

export const overview = createDashboard({
  uid: 'ocr-overview',
  title: 'OCR / Overview',
  description: 'Is the service well, and if it is not: where?',
  variables: [datasourceVariable(), namespaceVariable()],
  rows: [
    atAGlance,
    availabilityRow,
    trafficRow,
    errorsRow,
    latencyRow,
    saturationRow,
    modelCallsRow,
    eventsRow,
  ],
})
