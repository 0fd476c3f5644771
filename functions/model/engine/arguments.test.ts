import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRandom } from '../../../tests/documents/random.ts'
import { programEnvironment } from '../program.ts'
import { oneshotConfig, warmArguments } from './arguments.ts'

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
