/**
 * What must hold of a request:
 * - no account is asked twice that has said when it is back, before that, and none by the process that
 *   has heard of a limit in an answer that was under way;
 * - an answer that looks good is the backend's good answer, whole, and a good one is never withheld;
 * - nobody is told that no account can serve while one can that was not asked.
 */
import * as O from 'fp-ts/Option'
import type { Try } from './backend'
import { goodText, limitedText } from './backend'
import type { AccountKey } from '../../core/accounts/identity'
import * as PoolFile from '../../core/storage/pool-file'
import { minute, type Instant } from '../../core/time'
import { textAt } from './invariants'
import { layout, trueNow, type Flight, type Tried, type World } from './world'

/** Names the conversation too, so that what befell that is known of each of its requests. */
export const idOf = (conversation: string, number: number): string =>
  `${conversation} request-${number}`

const numberOf = (request: string): number => Number(request.split('-').at(-1))

/** Its reasoning could not be read somewhere, so whoever has read it since is who can. */
const isBound = ({ tries }: World, request: string): boolean => {
  const [conversation = ''] = request.split(' ')
  return [...tries.values()]
    .flat()
    .some(
      (one) => one.verdict === 'foreign reasoning' && one.request.startsWith(`${conversation} `),
    )
}

export const tried = (world: World, one: Try): void => {
  const at = trueNow(world)
  const { sets } = world.skew
  const made: Tried = { ...one, at, sets }
  // An answer that broke on its way told nothing.
  const isTold = world.flights.get(one.process)?.breaks === 0
  const before = triesOf(world, one.request)
  const tooSoon = before.some(
    (other) => other.account === one.account && other.sets === sets && at < other.restsUntil,
  )
  if (isTold && tooSoon)
    world.wrong(`asked again before it is back: ${one.account} by ${one.request}`)
  const late = world.heardLate.get(one.process)?.get(one.account)
  const isLater = late !== undefined && numberOf(one.request) > late.heardBefore
  if (isLater && late.sets === sets && at < late.restsUntil)
    world.wrong(`asked again after its answer told of a limit: ${one.account} by ${one.request}`)
  heard(world, before)
  world.tries.set(one.request, [...before, made])
  heard(world, [made])
}

/** A refusal counts from when it is heard, which may be long after it was sent. */
const heard = (world: World, tries: ReadonlyArray<Tried>): void => {
  for (const { account, isGood, restsUntil, verdict } of tries) {
    if (isGood || faults.has(verdict)) continue
    const now = Math.max(trueNow(world), world.time.now())
    const known = world.restsUntil.get(account) ?? 0
    world.restsUntil.set(account, Math.max(known, restsUntil, now + restMax))
  }
}

/** No limit of the backend, and no rest of ours, is longer. */
const restMax = 40 * minute

/** They are held against an account only while another can serve. */
const faults: ReadonlySet<Try['verdict']> = new Set<Try['verdict']>([
  'server fault',
  'fault in a stream',
  'connection broken',
  'host fault',
])

const triesOf = ({ tries }: World, request: string): ReadonlyArray<Tried> =>
  tries.get(request) ?? []

export interface Answered {
  readonly request: string
  readonly status: number
  /** None when the way to the client broke. */
  readonly text: string | undefined
}

export const answered = (
  world: World,
  flight: Flight,
  { request, status, text }: Answered,
): void => {
  const all = triesOf(world, request)
  heard(world, all)
  const last = all[all.length - 1]
  const isGood = last?.isGood === true
  // A way to the backend that broke before the output came leaves nothing of it.
  const isCutShort = status !== 200 && flight.breaks > 0
  if (last?.verdict === 'limited after output' && !isCutShort) {
    if (status !== 200 || (text !== undefined && text !== limitedText))
      world.wrong(`an answer that a limit ended did not come as it was: ${request}`)
    if (text !== undefined)
      world.heardLate.set(
        last.process,
        new Map([
          ...(world.heardLate.get(last.process) ?? []),
          [last.account, { ...last, heardBefore: world.requests }],
        ]),
      )
  } else if (status === 200) {
    if (!isGood) world.wrong(`a success that is none: ${request}`)
    else if (text !== undefined && text !== goodText)
      world.wrong(`an answer that is not whole: ${request}`)
    else if (text !== undefined)
      world.count(all.length > 1 ? 'request served after a refusal' : 'request served')
  } else if (isGood && flight.breaks === 0) world.wrong(`a good answer was withheld: ${request}`)
}

/** Several sign-ins lost one after the other: then no more are tried. */
const brakeWithin = 2 * minute

const lostLately = (world: World): number => {
  const inTries = [...world.tries.values()]
    .flat()
    .filter(({ at, isEnd }) => isEnd && trueNow(world) - at < brakeWithin)
  const inPool = PoolFile.parse(textAt(world, layout.pool) ?? '').match(
    ({ accounts }) =>
      accounts.filter(({ invalidation }) =>
        O.exists(({ at }: { readonly at: Instant }) => world.time.now() - at < brakeWithin)(
          invalidation,
        ),
      ),
    () => [],
  )
  return Math.max(inTries.length, inPool.length)
}

/** Only the account that a person chose may serve, or may soon. */
export const isStrict = (world: World): boolean =>
  textAt(world, layout.settings)?.includes('manual') === true ||
  [...world.flights.values()].some(
    ({ step }) => step._tag === 'Settings' && step.strategy === 'manual',
  )

/** From now on, as the settings are about to say so. */
export const maybeStrict = (world: World): void => {
  for (const flight of world.flights.values()) flight.wasStrict = true
}

/** No account was left: of those that could have served all were asked. */
export const gaveUp = (world: World, flight: Flight, request: string): void => {
  world.count('request given up, nobody being left')
  const isOnTime = flight.sets === world.skew.sets
  // What stands in the journal of a save that died is noticed with the next change.
  const isSettled = (textAt(world, layout.poolJournal) ?? '') === ''
  const isPlain = flight.faults + flight.breaks + flight.asked === 0 && isOnTime && isSettled
  if (!isPlain || lostLately(world) >= 2 || isBound(world, request)) return
  world.count('giving up judged')
  const asked = new Set(triesOf(world, request).map(({ account }) => account))
  for (const key of flight.wasStrict ? chosen(world, flight) : everyone(world))
    if (!asked.has(key) && couldServe(world, flight, key))
      world.wrong(`given up with an account left: ${key} by ${request}`)
}

const everyone = ({ history }: World): ReadonlyArray<AccountKey> => [
  ...(history[history.length - 1]?.rows.keys() ?? []),
]

/** The account that the person had chosen all the while, if it was one. */
const chosen = ({ history }: World, { begunAt }: Flight): ReadonlyArray<AccountKey> => {
  const keys = new Set(history.slice(begunAt).map(({ active }) => active))
  return keys.size === 1 ? [...keys] : []
}

const couldServe = (world: World, flight: Flight, key: AccountKey): boolean =>
  world.time.now() > (world.restsUntil.get(key) ?? 0) &&
  world.history.slice(flight.begunAt).every(({ rows }) => {
    const row = rows.get(key)
    return row !== undefined && row.enabled && !row.isLost
  })
