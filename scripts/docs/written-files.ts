import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { eventSchemas } from '../../functions/contract/events.ts'
import { dashboards } from '../../observability/dashboards/index.ts'
import { tablesOfPages, withTables } from './tables.ts'

/** The text of every file that is made from the code as a whole or in part, by its path. */
export const writtenFiles = (): ReadonlyMap<string, string> =>
  new Map([...pages(), ...schemas(), ...dashboardFiles()])

const pages = () =>
  Object.entries(tablesOfPages).map(
    ([path, tables]) => [path, withTables(readFileSync(path, 'utf8'), tables)] as const,
  )

const schemas = () =>
  Object.entries(eventSchemas).map(
    ([name, schema]) =>
      [
        `functions/contract/schemas/${name}-event.schema.json`,
        textOf(z.toJSONSchema(schema, { target: 'draft-2020-12' })),
      ] as const,
  )

const dashboardFiles = () =>
  dashboards.map(
    ({ file, json }) => [`observability/dashboards/json/${file}`, textOf(json)] as const,
  )

const textOf = (json: unknown): string => `${JSON.stringify(json, null, 2)}\n`
