/**
 * What must hold of a request:
 * - no account is asked twice that has said when it is back, before that;
 * - an answer that looks good is the backend's good answer, whole, and a good one is never withheld;
 * - nobody is told that no account can serve while one can that was not asked.
 */
import type { Try } from './backend'
import { goodText } from './backend'
import type { AccountKey } from '../../core/accounts/identity'
import { minute } from '../../core/time'
import { trueNow, type Flight, type Tried, type World } from './world'

/** Names the conversation too, so that what befell that is known of each of its requests. */
export const idOf = (conversation: string, number: number): string =>
  `${conversation} request-${number}`

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
  world.tries.set(one.request, [...before, made])
  if (!one.isGood && !faults.has(one.verdict)) world.refusedLast.set(one.account, made)
}

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
  const isGood = all[all.length - 1]?.isGood === true
  if (status === 200) {
    if (!isGood) world.wrong(`a success that is none: ${request}`)
    else if (text !== undefined && text !== goodText)
      world.wrong(`an answer that is not whole: ${request}`)
    else if (text !== undefined)
      world.count(all.length > 1 ? 'request served after a refusal' : 'request served')
  } else if (isGood && flight.breaks === 0) world.wrong(`a good answer was withheld: ${request}`)
}

/** Several sign-ins lost one after the other: then no more are tried. */
const brakeWithin = 2 * minute

const lostLately = (world: World): number =>
  [...world.tries.values()]
    .flat()
    .filter(({ at, isEnd }) => isEnd && trueNow(world) - at < brakeWithin).length

/** No account was left: of those that could have served all were asked. */
export const gaveUp = (world: World, flight: Flight, request: string): void => {
  world.count('request given up, nobody being left')
  // Where the clock was set back, what was to last for seconds lasts until it is there again.
  const isOnTime = flight.sets === world.skew.sets && world.time.now() >= world.skew.latest
  const isPlain = flight.faults + flight.breaks + flight.asked === 0 && isOnTime
  if (!isPlain || world.wasStrict || lostLately(world) >= 2 || isBound(world, request)) return
  const asked = new Set(triesOf(world, request).map(({ account }) => account))
  for (const key of world.history[world.history.length - 1]?.rows.keys() ?? [])
    if (!asked.has(key) && couldServe(world, flight, key))
      world.wrong(`given up with an account left: ${key} by ${request}`)
}

const couldServe = (world: World, flight: Flight, key: AccountKey): boolean => {
  const refused = world.refusedLast.get(key)
  const isRested =
    refused === undefined ||
    (refused.sets === world.skew.sets &&
      trueNow(world) > Math.max(refused.at + 40 * minute, refused.restsUntil))
  return (
    isRested &&
    world.history.slice(flight.begunAt).every(({ rows }) => {
      const row = rows.get(key)
      return row !== undefined && row.enabled && !row.isLost
    })
  )
}
