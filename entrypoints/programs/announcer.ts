/**
 * Tells the person, in one line each, when another account serves than the one that was to, and when
 * the official sign-in is dead. In a terminal program's screen a line would be noise, so there it is
 * kept and said once the program has ended.
 */
import * as O from 'fp-ts/Option'
import * as Account from '../../core/accounts/account'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import type { Because } from '../../core/failover/machine'
import { phrase } from '../../core/insight/reason'
import type { Selection } from '../../core/routing/selection'
import { relative } from '../../core/tui/relative-time'
import { printable } from '../../core/tui/printable'
import type { Instant } from '../../core/time'
import type { Known } from './world'

export interface Announcer {
  readonly decided: (conversation: string, selection: Selection, known: Known) => void
  readonly served: (conversation: string, account: AccountKey, known: Known, now: Instant) => void
  readonly rested: (back: Instant, now: Instant) => void
  /** One model answers in place of another. */
  readonly usedModel: (from: string, model: string) => void
  readonly gaveUp: (conversation: string, because: Because, now: Instant) => void
  readonly frontIsDead: (name: string) => void
  /** Says what was kept. */
  readonly close: () => void
}

export const openAnnouncer = (
  say: (text: string) => void,
  isKept: boolean,
  isStrict: boolean,
): Announcer => {
  /** Of each conversation, as several of one session may live on different accounts. */
  const threads = new Map<string, Thread>()
  let switches = 0
  let kept: ReadonlyArray<string> = []
  const told = new Set<string>()
  const once = (key: string, text: string): void => {
    if (told.has(key)) return
    told.add(key)
    if (isKept) kept = [...kept, line(text)]
    else say(line(text))
  }
  return {
    decided: (conversation, selection, { pool }) => {
      // The first account that was to serve is the one the person expects.
      const serving = threads.get(conversation)?.serving ?? expected(selection, pool)
      remember(threads, conversation, { serving, last: selection, pool })
    },
    served: (conversation, account, { pool }, now) => {
      const thread = threads.get(conversation)
      if (thread === undefined) return
      remember(threads, conversation, { ...thread, serving: account })
      if (thread.serving === undefined || thread.serving === account) return
      switches += 1
      if (!isKept) say(line(moved(thread.serving, account, pool, thread.last, now)))
    },
    rested: (back, now) => {
      if (!isKept)
        say(line(`no account can serve; the first is back ${relative(now)(back)}, waiting`))
    },
    usedModel: (from, model) =>
      once(`${from} ${model}`, `no account may use ${from}; ${model} answers in its place`),
    gaveUp: (conversation, because, now) => {
      const thread = threads.get(conversation)
      const bound = thread === undefined ? undefined : boundIn(thread, now)
      if (bound !== undefined) return once(`bound ${conversation}`, bound)
      if (because._tag === 'AllBarred' && O.isNone(because.soonest))
        once(
          'none',
          isStrict
            ? 'the account asked for cannot serve, and no other may. See why: codex-multi-auth list'
            : 'no account can serve. Sign one in: codex-multi-auth login',
        )
    },
    frontIsDead: (name) =>
      once(
        'front',
        `Codex reports that its own sign-in (${name}) cannot be renewed. That is harmless, the other accounts serve. To end it: codex-multi-auth login`,
      ),
    close: () => {
      kept.forEach(say)
      const often = switches === 1 ? 'once' : `${switches} times`
      if (isKept && switches > 0) say(line(`the serving account changed ${often} in this session.`))
    },
  }
}

/** Names are the person's, codes the issuer's: neither is printed raw. */
const line = (text: string): string => `codex-multi-auth: ${printable(text)}\n`

const nameIn = (pool: Pool.Pool, key: AccountKey): string => {
  const account = Pool.find(key)(pool)
  return O.isSome(account) ? Account.name(account.value) : 'an account that is gone'
}

interface Thread {
  readonly serving: AccountKey | undefined
  readonly last: Selection
  readonly pool: Pool.Pool
}

/** The conversations of one session; the oldest is forgotten first. */
const threadsMax = 256

const remember = (threads: Map<string, Thread>, conversation: string, thread: Thread): void => {
  threads.delete(conversation)
  threads.set(conversation, thread)
  const [oldest] = threads.keys()
  if (threads.size > threadsMax && oldest !== undefined) threads.delete(oldest)
}

/** The pinned account, unless one was asked for; else the one that was chosen. */
const expected = (selection: Selection, pool: Pool.Pool): AccountKey | undefined => {
  const chosen = O.toUndefined(selection.chosen)
  if (chosen?.because !== 'strict' && O.isSome(pool.pinned)) return pool.pinned.value
  return chosen?.key
}

/** Who alone could have served, and why it cannot; the client says no more than until when. */
const boundIn = ({ last, pool }: Thread, now: Instant): string | undefined => {
  const [to] = last.trace.flatMap((trace) =>
    trace._tag === 'Unavailable' && trace.reason._tag === 'BoundElsewhere' ? [trace.reason.to] : [],
  )
  if (to === undefined) return undefined
  const why = reasonOf(to, last, now)
  return `only ${nameIn(pool, to)} can read this conversation, which it has compacted${why === undefined ? '' : `, and it ${why}`}. A new conversation is served by the others`
}

const reasonOf = (key: AccountKey, { trace }: Selection, now: Instant): string | undefined => {
  const [reason] = trace.flatMap((line) =>
    line._tag === 'Unavailable' && line.key === key ? [phrase(now)(line.reason)] : [],
  )
  return reason
}

const moved = (
  from: AccountKey,
  to: AccountKey,
  pool: Pool.Pool,
  selection: Selection,
  now: Instant,
): string => {
  const reason = reasonOf(from, selection, now)
  const why = reason === undefined ? '' : `: ${nameIn(pool, from)} ${reason}`
  return `${nameIn(pool, to)} serves now${why}`
}
