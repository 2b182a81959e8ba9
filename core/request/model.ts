/**
 * The model and the reasoning effort a request asks for.
 *
 * A model's name is never exchanged for another model's: only the ways to write it are. What we do
 * not know passes as it came, since the backend has models before we hear of them.
 */
import * as O from 'fp-ts/Option'

/** From the least thinking to the most. */
const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra'] as const

export type Effort = (typeof efforts)[number]

/** A tool that only some models can use. */
export type Ability = 'search' | 'computer'

interface Known {
  readonly model: string
  readonly efforts: ReadonlyArray<Effort>
  readonly abilities: ReadonlyArray<Ability>
}

export interface Asked {
  readonly model: string
  /** None where the name does not say one. */
  readonly effort: O.Option<Effort>
}

const upTo = (first: Effort, last: Effort): ReadonlyArray<Effort> =>
  efforts
    .slice(efforts.indexOf(first), efforts.indexOf(last) + 1)
    .filter((effort) => effort !== 'minimal')

const every: ReadonlyArray<Ability> = ['search', 'computer']

const row = (
  model: string,
  takes: ReadonlyArray<Effort>,
  abilities: ReadonlyArray<Ability>,
): Known => ({ model, efforts: takes, abilities })

const known: ReadonlyArray<Known> = [
  row('gpt-5.6-sol', upTo('low', 'ultra'), every),
  row('gpt-5.6-terra', upTo('low', 'ultra'), every),
  row('gpt-5.6-luna', upTo('low', 'max'), every),
  row('gpt-5.5', upTo('none', 'xhigh'), every),
  row('gpt-5.5-pro', upTo('medium', 'xhigh'), ['computer']),
  row('gpt-5.4', upTo('none', 'xhigh'), every),
  row('gpt-5.4-pro', upTo('medium', 'xhigh'), ['computer']),
  row('gpt-5.4-mini', ['medium'], []),
  row('gpt-5.4-nano', ['medium'], []),
  row('gpt-5-mini', ['medium'], []),
  row('gpt-5-nano', ['medium'], []),
  row('gpt-5.3-codex', upTo('low', 'xhigh'), []),
  row('gpt-5.3-codex-spark', upTo('low', 'xhigh'), []),
  row('gpt-5.2', upTo('none', 'xhigh'), []),
  row('gpt-5.2-pro', upTo('medium', 'xhigh'), []),
  row('gpt-5.1', upTo('none', 'high'), []),
]

/** What is asked for where nobody says which: all plans that may use models have it. */
export const standard = 'gpt-5.5'

const knownOf = (model: string): Known | undefined => known.find((one) => one.model === model)

/** Other names of the same model. */
const aliases: ReadonlyArray<readonly [alias: string, model: string]> = [['gpt-5.6', 'gpt-5.6-sol']]

/** Takes off a provider's prefix, and an effort that is written as part of a known model's name. */
export const ofName = (name: string): Asked => {
  const bare = name.trim().replace(/^openai\//, '')
  const asKnown = knownName(bare)
  if (O.isSome(asKnown)) return { model: asKnown.value, effort: O.none }
  const effort = efforts.find((one) => bare.toLowerCase().endsWith(`-${one}`))
  if (effort === undefined) return { model: bare, effort: O.none }
  const model = knownName(bare.slice(0, -effort.length - 1))
  return O.isNone(model)
    ? { model: bare, effort: O.none }
    : { model: model.value, effort: O.some(effort) }
}

const knownName = (name: string): O.Option<string> => {
  const lower = name.toLowerCase()
  const model = aliases.find(([alias]) => alias === lower)?.[1] ?? lower
  return knownOf(model) === undefined ? O.none : O.some(model)
}

export const effortOf = (value: unknown): O.Option<Effort> =>
  O.fromNullable(efforts.find((effort) => effort === value))

/**
 * The effort as this model takes it: the one asked for, else the nearest below, else the nearest
 * above. Who asks for some thinking never gets none. The wire has no `ultra`; its `max` is that.
 */
export const fit =
  (model: string) =>
  (asked: Effort): Effort => {
    const takes = knownOf(model)?.efforts ?? efforts
    return onWire(nearest(takes, asked))
  }

const nearest = (takes: ReadonlyArray<Effort>, asked: Effort): Effort => {
  const at = efforts.indexOf(asked)
  const below = efforts.slice(0, at + 1).filter((effort) => asked === 'none' || effort !== 'none')
  return (
    [...below].reverse().find((effort) => takes.includes(effort)) ??
    efforts.slice(at).find((effort) => takes.includes(effort)) ??
    asked
  )
}

/** The least thinking that it takes; of one that we do not know, what every model takes. */
export const least = (model: string): Effort => knownOf(model)?.efforts[0] ?? 'low'

const onWire = (effort: Effort): Effort => (effort === 'ultra' ? 'max' : effort)

/** What we do not know may be able to do anything. */
export const can =
  (ability: Ability) =>
  (model: string): boolean =>
    knownOf(model)?.abilities.includes(ability) ?? true
