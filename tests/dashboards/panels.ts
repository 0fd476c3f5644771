import { dashboards } from '../../observability/dashboards/index.ts'

/** What the tests look at in a dashboard's JSON; that it is right as a whole is for the compiler. */
export interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly tags: readonly string[]
  readonly refresh: string
  readonly time: { readonly from: string; readonly to: string }
  readonly links: ReadonlyArray<{ readonly type: string; readonly tags: readonly string[] }>
  readonly templating: { readonly list: readonly Variable[] }
  readonly panels: ReadonlyArray<Panel>
}

interface Variable {
  readonly name: string
  readonly type: string
  readonly query: string
}

export interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description: string
  readonly interval: string
  readonly gridPos: Area
  readonly datasource: { readonly uid: string }
  readonly fieldConfig: { readonly defaults: { readonly unit: string; readonly noValue: string } }
  readonly targets: readonly Target[]
}

interface Target {
  readonly refId: string
  readonly expr: string
  readonly legendFormat: string
  readonly datasource: { readonly uid: string }
}

/** In columns, of which there are 24, and lines. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export const parsed: readonly Dashboard[] = dashboards.map(({ json }) =>
  JSON.parse(JSON.stringify(json)),
)

const isRow = ({ type }: Panel): boolean => type === 'row'

/** Panels that show something. */
export const panelsOf = ({ panels }: Dashboard): Panel[] => panels.filter((panel) => !isRow(panel))

export const overlap = (a: Area, b: Area): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
