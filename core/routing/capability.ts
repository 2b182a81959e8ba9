/**
 * Models that an account was refused. Which account may use which model is nowhere said, so it is
 * learnt from refusals and asked again after a while, as plans change.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { after, minute, since, type Instant, type Millis } from '../time'

/** Until when each model is not asked of the account. */
export type Lacks = Readonly<Record<string, Instant>>

export const none: Lacks = {}

const rememberedFor: Millis = 30 * minute
/** More than there are models; names come from clients. */
const modelsMax = 64

/** Until when; one from a clock that was far ahead bars nobody. */
export const lackedUntil =
  (model: string, now: Instant) =>
  (lacks: Lacks): O.Option<Instant> => {
    const until = Object.hasOwn(lacks, model) ? lacks[model] : undefined
    return until !== undefined && now < until && since(now, until) <= rememberedFor
      ? O.some(until)
      : O.none
  }

export const refused =
  (model: string, now: Instant) =>
  (lacks: Lacks): Lacks => {
    const kept = Object.entries(lacks).filter(
      ([name]) => name !== model && O.isSome(lackedUntil(name, now)(lacks)),
    )
    const latest = kept.sort(([, left], [, right]) => right - left).slice(0, modelsMax - 1)
    return Object.fromEntries([...latest, [model, after(now, rememberedFor)]])
  }

export const storedForm = t.record(t.string, t.number, 'Lacks')
