import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { eventSchemas, eventTypes, optionAttributes } from './events.ts'
import failed from './examples/failed-event.json' with { type: 'json' }
import recognized from './examples/recognized-event.json' with { type: 'json' }
import submitted from './examples/submitted-event.json' with { type: 'json' }
import submittedImage from './examples/submitted-image-event.json' with { type: 'json' }
import submittedReference from './examples/submitted-reference-event.json' with { type: 'json' }

/** The schema that is published for an event. */
function validatorOf(name: keyof typeof eventSchemas) {
  const path = new URL(`./schemas/${name}-event.schema.json`, import.meta.url)
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const validate = ajv.compile(JSON.parse(readFileSync(path, 'utf8')))
  return (event: unknown) => (validate(event) ? [] : validate.errors)
}

describe('the events', () => {
  for (const [name, examples] of [
    ['submitted', [submitted, submittedImage, submittedReference]],
    ['recognized', [recognized]],
    ['failed', [failed]],
  ] as const) {
    it(`that are ${name} are as in the examples, by both of their schemas`, () => {
      const problemsOf = validatorOf(name)
      for (const example of examples) {
        assert.deepEqual(eventSchemas[name].parse(example), example)
        assert.deepEqual(problemsOf(example), [])
        assert.equal(example.type, eventTypes[name])
      }
    })

    it(`that are ${name} have an id and a source, whatever else`, () => {
      const problemsOf = validatorOf(name)
      for (const attribute of ['id', 'source', 'specversion', 'type']) {
        const { [attribute]: _, ...rest } = { ...examples[0] } as Record<string, unknown>
        assert.equal(eventSchemas[name].safeParse(rest).success, false)
        assert.notDeepEqual(problemsOf(rest), [])
      }
    })
  }

  it('are not valid with another result', () => {
    const broken = { ...recognized, data: { ...recognized.data, detail: 'words' } }
    assert.equal(eventSchemas.recognized.safeParse(broken).success, false)
    assert.notDeepEqual(validatorOf('recognized')(broken), [])
  })

  it('have names for their options that CloudEvents allows, each for one', () => {
    for (const name of optionAttributes.keys()) assert.match(name, /^ocr[a-z0-9]+$/)
    assert.equal(new Set(optionAttributes.values()).size, optionAttributes.size)
    assert.equal(optionAttributes.get('ocrpreserveinterwordspaces'), 'preserve_interword_spaces')
    for (const name of ['ocrformat', 'ocrnotify', 'ocrasync']) {
      assert.equal(optionAttributes.has(name), false)
    }
  })
})
