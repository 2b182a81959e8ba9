/**
 * What a process that serves tells the others of itself: the requests it has on their way. Kept in
 * `runtime/<pid>.json` while there is one, so that conversations which start in several processes at
 * the same moment spread over the accounts.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import type { AccountKey } from '../accounts/identity'
import { decode, parseJson } from '../result'
import { minute, since, type Instant, type Millis } from '../time'

/** Requests by account, of conversations that do not live there yet. */
export type Load = ReadonlyMap<AccountKey, number>

const form = t.type(
  {
    version: t.literal(1),
    owner: t.type({ pid: t.number, startedAt: t.string }),
    at: t.number,
    inFlight: t.record(t.string, t.number),
  },
  'ProcessFile',
)

export type ProcessFile = t.TypeOf<typeof form>

/** The longest a request waits for the head of its answer; an older word is of one that was cut off. */
const trustedFor: Millis = 10 * minute

export const of = (owner: ProcessFile['owner'], at: Instant, load: Load): ProcessFile => ({
  version: 1,
  owner: { pid: owner.pid, startedAt: owner.startedAt },
  at,
  inFlight: Object.fromEntries(load),
})

export const isTrusted =
  (now: Instant) =>
  ({ at }: ProcessFile): boolean =>
    Math.abs(since(at, now)) < trustedFor

const name = /^\d+\.json$/

export const isName = (text: string): boolean => name.test(text)

export const isDraft = (text: string): boolean => /^\d+\.json\..+\.draft$/.test(text)

export const nameOf = (pid: number): string => `${pid}.json`

/** The load of all of them together. */
export const total = (files: ReadonlyArray<ProcessFile>): Load => {
  const sum = new Map<AccountKey, number>()
  for (const { inFlight } of files)
    for (const [account, count] of Object.entries(inFlight))
      sum.set(account, (sum.get(account) ?? 0) + Math.max(0, count))
  return sum
}

/** None for one of a later version, or damaged. */
export const parse = (text: string): O.Option<ProcessFile> =>
  parseJson(text)
    .andThen(decode(form))
    .match(
      (file): O.Option<ProcessFile> => O.some(file),
      () => O.none,
    )

export const print = (file: ProcessFile): string => JSON.stringify(file)
