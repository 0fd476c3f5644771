import { autoscaling } from './autoscaling/autoscaling.ts'
import { engine } from './engine/engine.ts'
import { overview } from './overview/overview.ts'

/** Every dashboard, and the file in `json/` that holds it for Grafana. */
export const dashboards: ReadonlyArray<{ readonly file: string; readonly json: object }> = [
  { file: 'overview.json', json: overview },
  { file: 'engine.json', json: engine },
  { file: 'autoscaling.json', json: autoscaling },
]
