/**
 * Ties from conversations to the accounts that serve them.
 *
 * The backend keeps a conversation's prompt in a cache of the account for some minutes after an
 * answer; moving it while the cache is warm costs ten times the input tokens. So a warm tie binds; a
 * cold one only breaks draws. A deliberate `switch` makes all older ties void at once.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import type { AccountKey } from '../accounts/identity'
import { isAmbient } from '../request/conversation'
import { minute, second, since, type Instant, type Millis } from '../time'

export interface Tie {
  readonly account: AccountKey
  /** When its last answer ended. */
  readonly servedAt: Instant
  /** The pool's affinity generation of then. */
  readonly generation: number
}

export type Ties = Readonly<Record<string, Tie>>

/** How long the backend's prompt cache stays warm after an answer (measured). */
const warmFor = 10 * minute
const rememberedFor = 20 * minute
const tiesMax = 512
/** Warmth is a matter of minutes, so the same tie within a second says nothing new. */
const notedFor = second

/**
 * How far a tie is from `now`, on either side of it: one from a clock that was ahead and has been put
 * right would else stay warm until that clock's time has come.
 */
const ageOf = (tie: Tie, now: Instant): Millis => Math.abs(since(tie.servedAt, now))

export const tieOf =
  (conversation: string, generation: number, now: Instant) =>
  (ties: Ties): O.Option<Tie> => {
    const tie = own(ties, conversation)
    return tie !== undefined && tie.generation >= generation && ageOf(tie, now) < rememberedFor
      ? O.some(tie)
      : O.none
  }

const own = (ties: Ties, conversation: string): Tie | undefined =>
  Object.hasOwn(ties, conversation) ? ties[conversation] : undefined

export const isWarm =
  (now: Instant) =>
  (tie: Tie): boolean =>
    ageOf(tie, now) < warmFor

/** How many conversations each account has whose cache is warm. */
export const liveBy =
  (now: Instant) =>
  (ties: Ties): ReadonlyMap<AccountKey, number> => {
    const live = new Map<AccountKey, number>()
    for (const [id, tie] of Object.entries(ties))
      if (isWarm(now)(tie) && !isAmbient(id))
        live.set(tie.account, (live.get(tie.account) ?? 0) + 1)
    return live
  }

/** Whether to remember it would tell anybody more than what is remembered already. */
export const isNews =
  (conversation: string, tie: Tie) =>
  (ties: Ties): boolean => {
    const known = own(ties, conversation)
    return (
      known === undefined ||
      known.account !== tie.account ||
      known.generation !== tie.generation ||
      ageOf(known, tie.servedAt) >= notedFor
    )
  }

/** Remembers who served, and forgets what is too old or, beyond the bound, the oldest. */
export const remember =
  (conversation: string, tie: Tie) =>
  (ties: Ties): Ties => {
    const all = Object.entries({ ...ties, [conversation]: tie }).filter(
      ([, other]) => ageOf(other, tie.servedAt) < rememberedFor,
    )
    return Object.fromEntries(
      all.length <= tiesMax
        ? all
        : [...all].sort(([, a], [, b]) => b.servedAt - a.servedAt).slice(0, tiesMax),
    )
  }

export const storedForm = t.record(
  t.string,
  t.type({ account: t.string, servedAt: t.number, generation: t.number }, 'Tie'),
  'Ties',
)
