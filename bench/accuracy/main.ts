import { parseArgs } from 'node:util'
import { type Contender, plain } from './contenders.ts'
import { classNames, createDocuments } from './documents.ts'
import { missedGoals } from './goals.ts'
import { bestWithout, createModel, stepsToLeaveOut } from './model.ts'
import { characterErrorRate, wordF1 } from './score.ts'
import { meansOf, type Score, tableByClass, tableOfMeans } from './tables.ts'

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    /** Documents per class. */
    count: { type: 'string', default: '9' },
    /** One class only. */
    class: { type: 'string' },
    /** Also the contenders that leave one step out. */
    ablation: { type: 'boolean', default: false },
  },
})

if (flags.class && !classNames.includes(flags.class)) {
  throw new Error(`There is no such class. The classes are ${classNames.join(', ')}.`)
}
const model = await createModel()

/** The first is what the others are compared with. */
const contenders: readonly Contender[] = [
  plain(),
  model.withProfile('fast'),
  model.withProfile('best'),
]

/** The last of the contenders, each time without one of its steps. */
const ablations: readonly Contender[] = await Promise.all(
  Object.entries(flags.ablation ? stepsToLeaveOut : {}).map(([name, leaveOut]) =>
    bestWithout(name, leaveOut),
  ),
)

const scores: Score[] = []
const taking = [...contenders, ...ablations]
const options = { seed: Number(flags.seed), perClass: Number(flags.count), only: flags.class }
for await (const document of createDocuments(options)) {
  process.stderr.write(`${document.name}\n`)
  for (const contender of taking) {
    const { text, ms } = await contender.read(document)
    scores.push({
      contender: contender.name,
      className: document.className,
      f1: wordF1(document.text, text),
      cer: characterErrorRate(document.text, text),
      ms,
    })
  }
}
for (const contender of taking) await contender.close()
await model.close()

const classes = flags.class ? [flags.class] : classNames
const namesOf = (list: readonly Contender[]) => list.map(({ name }) => name)
console.log(tableByClass(scores, classes, namesOf(contenders)))
if (!flags.class) {
  const missed = missedGoals(classes, (...which) => meansOf(scores, ...which))
  for (const goal of missed) console.log(`\nMissed: ${goal}.`)
  if (missed.length > 0) process.exitCode = 1
}
if (flags.ablation) {
  const whole = contenders.slice(-1)
  console.log(`\n${tableOfMeans(scores, classes, namesOf([...whole, ...ablations]))}`)
}
