import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { summaryOf } from '../figures/summary.ts'
import { answerOf, podsAt, recordingOf } from '../fixtures/recordings.ts'
import type { Recording } from '../recording.ts'
import { element } from './markup.ts'
import { darkScheme, seriesNames } from './style.ts'
import { drawTimeline } from './timeline.ts'

const draw = (parts: Partial<Recording> = {}, subject = 'subject') => {
  const recording = recordingOf(parts)
  return drawTimeline(recording, { summary: summaryOf(recording), subject })
}

const pods = [podsAt(0, 0, 0), podsAt(3, 1, 2, 1), podsAt(5, 1, 2), podsAt(10.5, 0, 0)]
const answers = [
  answerOf(2, 1.5),
  answerOf(4, 0.5),
  answerOf(6, 0.2, 'refused'),
  answerOf(7, 0.2, 'failed'),
]

/** Has librsvg read it, which takes nothing that is not well-formed, and sees that it has something to show. */
async function assertDrawable(svg: string): Promise<void> {
  const { channels } = await sharp(Buffer.from(svg)).stats()
  assert.ok(channels.some(({ stdev }) => stdev > 1))
  assert.doesNotMatch(svg, /NaN|undefined|Infinity|null/)
}

describe('the picture', () => {
  it('has every series, the phases and the totals', async () => {
    const svg = draw({ answers, pods })
    await assertDrawable(svg)
    for (const name of seriesNames) assert.match(svg, new RegExp(`class="${name} (line|bar)`), name)
    assert.deepEqual(
      [...svg.matchAll(/>(idle|ramp|burst)</g)].map(([, name]) => name),
      ['idle', 'ramp', 'burst', 'idle'],
    )
    const title = '0 → 2 → 0 pods of the model, 2026-11-26: 4 requests, 2 read, 1 refused, 1 failed'
    assert.equal(svg.split(`>${title}<`).length, 3)
  })

  it('has what is ready apart from what is wanted', () => {
    const svg = draw({ answers, pods })
    const heights = (line: string) => {
      const paths = [...svg.matchAll(new RegExp(`class="model ${line}" d="([^"]*)"`, 'g'))]
      // The one before is of the legend.
      const [, path = ''] = paths.at(-1) ?? []
      return new Set([...path.matchAll(/,([\d.]+)/g)].map(([, y]) => y)).size
    }
    // Wanted are 0 and 2, ready are 0, 1 and 2.
    assert.equal(heights('line wanted'), 2)
    assert.equal(heights('line'), 3)
  })

  it('follows the scheme of its reader', () => {
    const svg = draw({ answers, pods })
    assert.ok(svg.includes(darkScheme))
    const [, style = ''] = /<style>(.*?)<\/style>/.exec(svg) ?? []
    // A rule of colours after it would fill the lines.
    assert.ok(style.indexOf('fill:none') > style.lastIndexOf('.read{'))
  })

  it('says that pods were not counted', async () => {
    const svg = draw({ answers })
    await assertDrawable(svg)
    assert.match(svg, /pods were not counted/)
    assert.doesNotMatch(svg, /Pods of the/)
  })

  it('can be drawn without requests, which it says', async () => {
    const svg = draw({ pods })
    await assertDrawable(svg)
    assert.match(svg, /none refused, none failed/)
  })

  for (const [name, parts] of Object.entries({
    nothing: {},
    'one sample of pods': { pods: [podsAt(0, 1, 1)] },
    'one request': { answers: [answerOf(3)] },
    'no length': { seconds: 0, spans: [] },
    'less than a window': { seconds: 0.5, spans: [], answers: [answerOf(0, 0.1)] },
    'an answer after the end': { answers: [answerOf(10, 60)] },
  })) {
    it(`can be drawn of ${name}`, () => assertDrawable(draw(parts)))
  }

  it('escapes what others have named', async () => {
    const svg = draw({ answers }, `<script>"a" & 'b'</script>\u0007\uFFFF\uD800.png`)
    await assertDrawable(svg)
    assert.doesNotMatch(svg, /<script>/)
    assert.match(svg, /&lt;script&gt;&quot;a&quot; &amp; 'b'&lt;\/script&gt;\uFFFD\.png/)
  })

  it('stays within 60 KB for an hour of changes', async () => {
    const seconds = 3_600
    const many = Array.from({ length: 20_000 }, (_, index) =>
      answerOf(index * 0.179, 0.1 + (index % 7), index % 5 === 0 ? 'failed' : 'read'),
    )
    const restless = Array.from({ length: 7_200 }, (_, index) =>
      podsAt(index / 2, index % 3, index % 5, index % 4),
    )
    const spans = [{ name: 'burst', from: 0, to: seconds }]
    const svg = draw({ seconds, spans, answers: many, pods: restless })
    await assertDrawable(svg)
    assert.ok(Buffer.byteLength(svg) <= 60_000, `${Buffer.byteLength(svg)} bytes`)
  })
})

describe('an element', () => {
  it('escapes attributes and texts, and takes markup as it is', () => {
    const { markup } = element('a', { b: '"<&>', c: 1.2345 }, '<&>', element('d', {}))
    assert.equal(markup, '<a b="&quot;&lt;&amp;&gt;" c="1.2">&lt;&amp;&gt;<d/></a>')
  })
})
