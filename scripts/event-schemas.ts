import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { eventSchemas } from '../functions/contract/events.ts'

/** The JSON Schema of every event, by the file that holds it. */
export const eventSchemaFiles: ReadonlyMap<string, string> = new Map(
  Object.entries(eventSchemas).map(([name, schema]) => [
    `functions/contract/schemas/${name}-event.schema.json`,
    `${JSON.stringify(z.toJSONSchema(schema, { target: 'draft-2020-12' }), null, 2)}\n`,
  ]),
)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of eventSchemaFiles) writeFileSync(path, text)
}
