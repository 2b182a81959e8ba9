/**
 * The scripts of one upstream: what was ordered for whom, and what is next.
 *
 * Looked up from the narrow to the wide: an account's key, its account id, every account. A queue is
 * used up one by one; after it, or without one, the standing order holds.
 */
import * as O from 'fp-ts/Option'
import type { Asked, Behaviour, Fault } from './behaviour'
import type { Account } from './people'

/** The name of all accounts together. */
export const everyone = '*'

export type Standing = Behaviour | ((asked: Asked) => Behaviour)

export interface Scripts {
  readonly queue: (id: string, behaviours: ReadonlyArray<Behaviour>) => void
  readonly stand: (id: string, standing: Standing) => void
  readonly next: (asked: Asked) => O.Option<Behaviour>
  readonly fail: (path: string, faults: ReadonlyArray<Fault>, id: string) => void
  readonly nextFault: (path: string, account: O.Option<Account>) => O.Option<Fault>
  /** Forgets every script. */
  readonly clear: () => void
}

const namesOf = (account: Account): ReadonlyArray<string> => [
  account.key,
  account.accountId,
  everyone,
]

export const create = (): Scripts => {
  const queues = new Map<string, ReadonlyArray<Behaviour>>()
  const standing = new Map<string, Standing>()
  const faults = new Map<string, ReadonlyArray<Fault>>()

  const take = <A>(from: Map<string, ReadonlyArray<A>>, names: ReadonlyArray<string>) => {
    for (const name of names) {
      const [first, ...rest] = from.get(name) ?? []
      if (first === undefined) continue
      from.set(name, rest)
      return O.some(first)
    }
    return O.none
  }
  const put = <A>(into: Map<string, ReadonlyArray<A>>, name: string, list: ReadonlyArray<A>) => {
    into.set(name, [...(into.get(name) ?? []), ...list])
  }

  return {
    queue: (id, behaviours) => {
      put(queues, id, behaviours)
    },
    stand: (id, order) => {
      standing.set(id, order)
    },
    next: (asked) => {
      const names = namesOf(asked.account)
      const queued = take(queues, names)
      if (O.isSome(queued)) return queued
      const order = names.map((name) => standing.get(name)).find((found) => found !== undefined)
      return O.fromNullable(typeof order === 'function' ? order(asked) : order)
    },
    fail: (path, list, id) => {
      put(faults, `${id} ${path}`, list)
    },
    nextFault: (path, account) => {
      const names = O.isSome(account) ? namesOf(account.value) : [everyone]
      return take(
        faults,
        names.map((name) => `${name} ${path}`),
      )
    },
    clear: () => {
      queues.clear()
      standing.clear()
      faults.clear()
    },
  }
}
