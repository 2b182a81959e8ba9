/**
 * What a person wants of an account beside whether it serves at all. Tier and weight say how much of
 * the work it gets; a paused account gets none, and a draining one no conversation it has not yet.
 */
import { err, ok, type Result } from 'neverthrow'
import { printable } from '../tui/printable'
import type { AccountKey } from './identity'

export interface Policy {
  /** In lower case, each once. */
  readonly tags: ReadonlyArray<string>
  /** Its share of the work beside others of its tier: 0 to 10. */
  readonly weight: number
  /** A lower one serves first: a whole number, 0 to 9. */
  readonly tier: number
  readonly paused: boolean
  readonly draining: boolean
  /** For the person alone; empty for none. */
  readonly note: string
}

/** Of the accounts that are not at the standard. */
export type Policies = Readonly<Record<AccountKey, Policy>>

export type PolicyRefusal =
  | { readonly _tag: 'TagUnfit'; readonly tag: string; readonly charactersMax: number }
  | { readonly _tag: 'TooManyTags'; readonly tagsMax: number }
  | { readonly _tag: 'NoteUnfit'; readonly charactersMax: number }
  | {
      readonly _tag: 'RankUnfit'
      readonly field: 'weight' | 'tier'
      readonly least: number
      readonly most: number
    }

/** The existing tool's bounds of tag, weight and note. */
const tagCharactersMax = 64
const noteCharactersMax = 500
const weights = { field: 'weight', least: 0, most: 10 } as const

const tiers = { field: 'tier', least: 0, most: 9 } as const
/** More than anyone tells apart. */
const tagsMax = 16

export const standard: Policy = {
  tags: [],
  weight: 1,
  tier: 1,
  paused: false,
  draining: false,
  note: '',
}

export const hasOneOf =
  (wanted: ReadonlyArray<string>) =>
  ({ tags }: Pick<Policy, 'tags'>): boolean =>
    tags.some((one) => wanted.includes(one))

export const of =
  (key: AccountKey) =>
  (policies: Policies): Policy =>
    (Object.hasOwn(policies, key) ? policies[key] : undefined) ?? standard

const isSame = (left: Policy, right: Policy): boolean =>
  left.weight === right.weight &&
  left.tier === right.tier &&
  left.paused === right.paused &&
  left.draining === right.draining &&
  left.note === right.note &&
  left.tags.length === right.tags.length &&
  left.tags.every((tag, index) => tag === right.tags[index])

/** At the standard an account has no row. The policies themselves when there is nothing to change. */
export const set =
  (key: AccountKey, policy: Policy) =>
  (policies: Policies): Policies => {
    if (isSame(of(key)(policies), policy)) return policies
    return isSame(policy, standard) ? without(key)(policies) : { ...policies, [key]: policy }
  }

export const without =
  (key: AccountKey) =>
  (policies: Policies): Policies =>
    Object.hasOwn(policies, key)
      ? Object.fromEntries(Object.entries(policies).filter(([other]) => other !== key))
      : policies

type Transition = (policy: Policy) => Result<Policy, PolicyRefusal>

export const tag =
  (given: ReadonlyArray<string>): Transition =>
  (policy) => {
    const unfit = given.find((one) => !isTag(normal(one)))
    if (unfit !== undefined)
      return err({ _tag: 'TagUnfit', tag: unfit, charactersMax: tagCharactersMax })
    const tags = [...new Set([...policy.tags, ...given.map(normal)])].sort()
    return tags.length > tagsMax ? err({ _tag: 'TooManyTags', tagsMax }) : ok({ ...policy, tags })
  }

/** A tag it does not have is no longer there either. */
export const untag =
  (given: ReadonlyArray<string>): Transition =>
  (policy) =>
    ok({ ...policy, tags: policy.tags.filter((one) => !given.map(normal).includes(one)) })

export const weigh =
  (weight: number): Transition =>
  (policy) =>
    isWithin(weights, weight) ? ok({ ...policy, weight }) : err({ _tag: 'RankUnfit', ...weights })

export const place =
  (tier: number): Transition =>
  (policy) =>
    isWithin(tiers, tier) && Number.isInteger(tier)
      ? ok({ ...policy, tier })
      : err({ _tag: 'RankUnfit', ...tiers })

export const pause =
  (paused: boolean): Transition =>
  (policy) =>
    ok({ ...policy, paused })

export const drain =
  (draining: boolean): Transition =>
  (policy) =>
    ok({ ...policy, draining })

export const annotate =
  (given: string): Transition =>
  (policy) => {
    const note = given.trim()
    return printable(note) === note && [...note].length <= noteCharactersMax
      ? ok({ ...policy, note })
      : err({ _tag: 'NoteUnfit', charactersMax: noteCharactersMax })
  }

/** The nearest policy that any transitions lead to: a file may have been written by hand. */
export const fitting = (policy: Policy): Policy => ({
  ...policy,
  tags: [...new Set(policy.tags.map(normal))].filter(isTag).sort().slice(0, tagsMax),
  weight: clamped(weights, policy.weight),
  tier: Math.round(clamped(tiers, policy.tier)),
  note: annotate(policy.note)(standard).unwrapOr(standard).note,
})

interface Bounds {
  readonly least: number
  readonly most: number
}

const isWithin = ({ least, most }: Bounds, value: number): boolean =>
  value >= least && value <= most

const clamped = ({ least, most }: Bounds, value: number): number =>
  Math.min(most, Math.max(least, value))

/** As tags are compared. */
export const normal = (text: string): string => text.trim().toLowerCase()

const isTag = (text: string): boolean =>
  text !== '' && printable(text) === text && [...text].length <= tagCharactersMax
