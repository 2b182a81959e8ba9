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

/** How much is remembered. */
export interface Memory {
  /** Of idleness, from the end of the last answer. */
  readonly span: Millis
  readonly tiesMax: number
}

/** The settings' defaults. */
export const standard: Memory = { span: 20 * minute, tiesMax: 512 }

/** How long the backend's prompt cache stays warm after an answer (measured). */
const warmFor = 10 * minute
/** Warmth is a matter of minutes, so the same tie within a second says nothing new. */
const notedFor = second

/**
 * How far a tie is from `now`, on either side of it: one from a clock that was ahead and has been put
 * right would else stay warm until that clock's time has come.
 */
const ageOf = (tie: Tie, now: Instant): Millis => Math.abs(since(tie.servedAt, now))

export const tieOf =
  (conversation: string, generation: number, now: Instant, { span }: Memory) =>
  (ties: Ties): O.Option<Tie> => {
    const tie = own(ties, conversation)
    return tie !== undefined && tie.generation >= generation && ageOf(tie, now) < span
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
    const isLive = isWarm(now)
    for (const id of Object.keys(ties)) {
      const tie = ties[id]
      if (tie !== undefined && isLive(tie) && !isAmbient(id))
        live.set(tie.account, (live.get(tie.account) ?? 0) + 1)
    }
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

/** Whether the conversation is new to the account of `tie`, or comes back to it with a cold cache. */
export const isTurn =
  (conversation: string, tie: Tie) =>
  (ties: Ties): boolean => {
    const known = own(ties, conversation)
    return known === undefined || known.account !== tie.account || !isWarm(tie.servedAt)(known)
  }

/** The one that was served last. */
export const latest = (ties: Ties): O.Option<Tie> => {
  let last: Tie | undefined
  for (const id of Object.keys(ties)) {
    const tie = ties[id]
    if (tie !== undefined && (last === undefined || tie.servedAt > last.servedAt)) last = tie
  }
  return O.fromNullable(last)
}

type Row = readonly [conversation: string, tie: Tie]

/** Remembers who served, and forgets what is too old or, beyond the bound, the oldest. */
export const rememberAll =
  (rows: ReadonlyArray<Row>, { span, tiesMax }: Memory) =>
  (ties: Ties): Ties => {
    const all: Ties = { ...ties, ...Object.fromEntries(rows) }
    const now = Math.max(...rows.map(([, tie]) => tie.servedAt))
    const ids = Object.keys(all)
    const isKept = (id: string): boolean => {
      const other = all[id]
      return other !== undefined && ageOf(other, now) < span
    }
    return ids.length <= tiesMax && ids.every(isKept)
      ? all
      : newest(all, ids.filter(isKept), tiesMax)
  }

const newest = (ties: Ties, ids: ReadonlyArray<string>, tiesMax: number): Ties => {
  const rows = ids.flatMap((id): ReadonlyArray<Row> => {
    const tie = ties[id]
    return tie === undefined ? [] : [[id, tie]]
  })
  const kept =
    rows.length <= tiesMax ? rows : [...rows].sort(([, a], [, b]) => b.servedAt - a.servedAt)
  return Object.fromEntries(kept.slice(0, tiesMax))
}

export const storedForm = t.record(
  t.string,
  t.type({ account: t.string, servedAt: t.number, generation: t.number }, 'Tie'),
  'Ties',
)
