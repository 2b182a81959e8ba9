/** What a process of a run is asked to do, drawn by dice. */
import type { Dice } from '../../adapters/memory/dice'
import type { AccountKey } from '../../core/accounts/identity'
import { hour, minute, second, type Millis } from '../../core/time'
import { people } from './people'

export type Step =
  | { readonly _tag: 'SignIn'; readonly key: AccountKey }
  | { readonly _tag: 'Remove'; readonly key: AccountKey }
  | { readonly _tag: 'Logout'; readonly key: AccountKey }
  | { readonly _tag: 'Switch'; readonly key: AccountKey }
  | { readonly _tag: 'Unpin' }
  | { readonly _tag: 'Enable'; readonly key: AccountKey }
  | { readonly _tag: 'Disable'; readonly key: AccountKey }
  /** `isForced` as after a 401; else only when the token is about to end. */
  | { readonly _tag: 'Refresh'; readonly key: AccountKey; readonly isForced: boolean }
  /** As many at once, each in a conversation of its own. */
  | { readonly _tag: 'Request'; readonly conversation: string; readonly count: number }
  | { readonly _tag: 'Settings'; readonly strategy: string }
  | { readonly _tag: 'BackUp'; readonly name: string }
  | { readonly _tag: 'Restore'; readonly name: string }
  /** To a file of the person's own, over the one before. */
  | { readonly _tag: 'Export' }
  | { readonly _tag: 'Import' }
  /** Another program damages the pool's file, and perhaps the copy that is ours alone. */
  | { readonly _tag: 'Damage'; readonly isDeep: boolean }
  | { readonly _tag: 'Wait'; readonly span: Millis }

const pick = <A>(throwDice: Dice, all: ReadonlyArray<A>, otherwise: A): A =>
  all[Math.floor(throwDice() * all.length)] ?? otherwise

const weights: ReadonlyArray<readonly [Step['_tag'], number]> = [
  ['SignIn', 10],
  ['Remove', 4],
  ['Logout', 3],
  ['Switch', 8],
  ['Unpin', 4],
  ['Enable', 5],
  ['Disable', 4],
  ['Refresh', 14],
  ['Request', 13],
  ['Settings', 3],
  ['BackUp', 2],
  ['Restore', 3],
  ['Export', 2],
  ['Import', 4],
  ['Damage', 2],
  ['Wait', 12],
]

export const drawn = (throwDice: Dice): Step => {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
  let left = throwDice() * total
  const tag = weights.find(([, weight]) => (left -= weight) < 0)?.[0] ?? 'Wait'
  const key = pick(
    throwDice,
    people.map((one) => one.key),
    '',
  )
  switch (tag) {
    case 'Unpin':
    case 'Export':
    case 'Import':
      return { _tag: tag }
    case 'BackUp':
    case 'Restore':
      return { _tag: tag, name: `copy-${Math.floor(throwDice() * 2)}` }
    case 'Refresh':
      return { _tag: tag, key, isForced: throwDice() < 0.6 }
    case 'Request':
      return {
        _tag: tag,
        conversation: `conversation-${Math.floor(throwDice() * 4)}`,
        count: throwDice() < 0.2 ? 2 : 1,
      }
    case 'Settings':
      return { _tag: tag, strategy: pick(throwDice, ['hybrid', 'manual', 'round-robin'], 'hybrid') }
    case 'Damage':
      return { _tag: tag, isDeep: throwDice() < 0.5 }
    case 'Wait':
      return { _tag: tag, span: pick(throwDice, [0, second, minute, 10 * minute, hour], 0) }
    default:
      return { _tag: tag, key }
  }
}

export const described = (step: Step): string => Object.values(step).join(' ')
