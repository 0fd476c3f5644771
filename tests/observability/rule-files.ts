import { globSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { quickened, quickenedDuration } from './expressions.ts'

/** A recording rule has a name in `record`, an alert in `alert`. */
export interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly for?: string
  readonly keep_firing_for?: string
}

interface Group {
  readonly name: string
  readonly interval?: string
  readonly rules: readonly Rule[]
}

/** A file of rules of Prometheus. */
export interface RuleFile {
  readonly groups: readonly Group[]
}

export const readRuleFiles = (): RuleFile[] =>
  globSync('observability/rules/*.yaml').map((file) => parse(readFileSync(file, 'utf8')))

export const rulesIn = (files: readonly RuleFile[]): Rule[] =>
  files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))

export const nameOf = ({ record, alert }: Rule): string => record ?? alert ?? ''

/** The same rules, looked at as often as Prometheus is told to, and not as their groups say. */
export const atEveryInterval = ({ groups }: RuleFile): RuleFile => ({
  groups: groups.map(({ name, rules }) => ({ name, rules })),
})

/** The same rules with all times divided: at a factor of 60, minutes are seconds. */
export const quickenedFile = (file: RuleFile, factor: number): RuleFile => ({
  groups: atEveryInterval(file).groups.map(({ name, rules }) => ({
    name,
    rules: rules.map((rule) => quickenedRule(rule, factor)),
  })),
})

const quickenedRule = (rule: Rule, factor: number): Rule => ({
  ...rule,
  expr: quickened(rule.expr, factor),
  ...(rule.for && { for: quickenedDuration(rule.for, factor) }),
  ...(rule.keep_firing_for && {
    keep_firing_for: quickenedDuration(rule.keep_firing_for, factor),
  }),
})
