import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { PanelBuilder } from './panels/panel.ts'

/** Panels about one thing, below a heading. */
export interface Row {
  readonly title: string
  /** From left to right; as many as fit into 24 columns are side by side. */
  readonly panels: readonly PanelBuilder[]
}

interface Description {
  /** In links to it; never to be changed. */
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly variables: ReadonlyArray<Builder<VariableModel>>
  readonly rows: readonly Row[]
}

/** Every dashboard of ours has it; they link to each other by it. */
const tag = 'ocr'

/** A dashboard as Grafana imports it. */
export function createDashboard({ uid, title, description, variables, rows }: Description): object {
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([tag])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .variables([...variables])
    .links([linkToOthers()])
  let id = 1
  for (const row of rows) {
    dashboard.withRow(new RowBuilder(row.title).id(id++))
    for (const panel of row.panels) dashboard.withPanel(panel.id(id++))
  }
  // Without the functions that mark types of the package.
  return JSON.parse(JSON.stringify(dashboard.build()))
}

const linkToOthers = () =>
  new DashboardLinkBuilder('OCR')
    .type(DashboardLinkType.Dashboards)
    .tags([tag])
    .asDropdown(false)
    .icon('external link')
    .tooltip('The other dashboards of the service, for the same time and the same choice')
    .keepTime(true)
    .includeVars(true)
    .targetBlank(false)
    .url('')
