import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  asText,
  type Bait,
  fineValues,
  hostileValue,
} from '../../../tests/documents/hostile-values.ts'
import { createRandom } from '../../../tests/documents/random.ts'
import { parseAnswerRequest, requestNames } from '../../contract/answer-request.ts'
import { OcrError } from '../../contract/errors.ts'
import { parseOptions } from '../../contract/options.ts'
import { admit } from '../admit.ts'
import { fakeInstallation } from '../fixtures/installation.ts'
import { programEnvironment } from '../program.ts'
import { oneshotConfig, warmArguments } from './arguments.ts'
import type { EngineOptions } from './engine.ts'

describe('engine arguments', () => {
  it('keep one thread per process', () => {
    assert.equal(programEnvironment['OMP_THREAD_LIMIT'], '1')
  })

  it('are the same for both engines but for what makes a process warm', () => {
    const options = { lang: 'eng+deu', tessdata: '/data', psm: 6, oem: 1 }
    assert.equal(
      warmArguments(options).join(' '),
      '- - --tessdata-dir /data -l eng+deu --psm 6 --oem 1 -c stream_filelist=1 -c tessedit_create_hocr=1 -c tessedit_create_txt=0',
    )
    assert.deepEqual(oneshotConfig(options), {
      'tessdata-dir': '/data',
      lang: 'eng+deu',
      psm: 6,
      oem: 1,
      tessedit_create_hocr: '1',
      tessedit_create_txt: '0',
    })
  })

  it('keep their number and places whatever the options are', () => {
    const random = createRandom(1)
    const anything = () =>
      String.fromCharCode(...Array.from({ length: 20 }, () => Math.floor(random() * 256)))
    for (let round = 0; round < 1000; round++) {
      const lang = anything()
      const args = warmArguments({
        tessdata: '/data',
        lang,
        psm: 3,
        oem: 3,
        allowlist: anything(),
        denylist: anything(),
      })
      assert.equal(args.length, 20)
      assert.deepEqual([args[4], args[5], args[6]], ['-l', lang, '--psm'])
    }
  })
})

/** Of every option. */
const count = Number(process.env['OCR_RANDOM_VALUES'] ?? 500)
const bait: Bait = { file: '/tmp/bait', folder: '/tmp/baits', origin: 'http://127.0.0.1:9' }
const rules = {
  maxImageBytes: 1,
  defaultLang: 'eng',
  engine: 'warm' as const,
  installation: fakeInstallation,
}
const image = Buffer.alloc(1)

/** What a request has the engine told, or the refusal. */
function engineOptionsOf(request: object): EngineOptions | OcrError {
  try {
    const { options } = parseAnswerRequest({ ...request })
    // The model checks what it is sent once more.
    return admit({ image, options: parseOptions(options) }, rules).engine
  } catch (error) {
    assert.ok(error instanceof OcrError, String(error))
    return error
  }
}

const variables = ['stream_filelist=1', 'tessedit_create_hocr=1', 'tessedit_create_txt=0']
/** Arguments by their places: what a client chooses is one of few values. */
const fixedShape = [
  ...[/^-$/, /^-$/, /^--tessdata-dir$/, /^\/data$/],
  ...[/^-l$/, /^(?:deu|eng)(?:\+(?:deu|eng)){0,7}$/],
  ...[/^--psm$/, /^(?:[13-9]|1[0-3])$/, /^--oem$/, /^[0-3]$/],
  ...variables.flatMap((variable) => [/^-c$/, new RegExp(`^${variable}$`)]),
]

/** Characters that a client chooses follow the name of a variable, and tesseract takes them all. */
function listShape(name: string, list: string | undefined): RegExp[] {
  if (list === undefined) return []
  assert.ok(Buffer.byteLength(list) <= 254)
  return [/^-c$/, new RegExp(`^${name}=\\P{C}+$`, 'u')]
}

function assertHarmless(options: EngineOptions): void {
  const args = warmArguments(options)
  const shape = [
    ...fixedShape,
    ...listShape('tessedit_char_whitelist', options.allowlist),
    ...listShape('tessedit_char_blacklist', options.denylist),
  ]
  assert.equal(args.length, shape.length)
  for (const [place, pattern] of shape.entries()) assert.match(args[place] ?? '', pattern)
  // Nothing that means something to the shell that node-tesseract-ocr runs.
  for (const text of Object.entries(oneshotConfig(options)).flat().map(String)) {
    assert.match(text, /^[\w/+-]+$/)
  }
}

function assertTold(refusal: OcrError): void {
  assert.match(refusal.kind, /^(?:invalid_request|unknown_language)$/)
  assert.match(refusal.message, /^\P{C}{1,500}$/u)
  assert.doesNotMatch(refusal.message, /bait/)
}

describe(`arguments of ${count} random values`, () => {
  for (const option of requestNames) {
    it(`of ${option} are refused or harmless`, () => {
      assert.ok(isOption(option))
      const random = createRandom(requestNames.indexOf(option))
      let admitted = 0
      for (let round = 0; round < count; round++) {
        const outcome = engineOptionsOf({ [option]: hostileValue(random, option, bait) })
        if (outcome instanceof OcrError) assertTold(outcome)
        else assertHarmless(outcome)
        if (!(outcome instanceof OcrError)) admitted++
      }
      assert.ok(admitted > 0 && admitted < count, `${admitted} of ${count}`)
    })
  }

  it('as names of options are refused', () => {
    const random = createRandom(0)
    const names = Array.from({ length: count }, () => asText(hostileValue(random, 'psm', bait)))
    const known = ['__proto__', 'constructor', 'tessdata', 'debug_file', 'toString']
    for (const name of [...known, ...names].filter((one) => !isOption(one))) {
      const request = JSON.parse(`{${JSON.stringify(name)}:"eng"}`)
      const outcome = engineOptionsOf(request)
      assert.ok(outcome instanceof OcrError, name)
      assertTold(outcome)
      assert.throws(() => parseOptions(request), { kind: 'invalid_request' })
    }
  })
})

const isOption = (name: string): name is keyof typeof fineValues => Object.hasOwn(fineValues, name)
