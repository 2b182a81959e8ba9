/**
 * OpenCode that stays: what becomes of a turn for every way the upstream can fail, and what the turns
 * of one process share. Each row signs other people in, which the running plugin has to notice.
 */
import { hour, second } from '../../core/time'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { expectTaken } from './support/backend-bodies'
import {
  good,
  limited,
  signInGuests,
  turnOf,
  type Guests,
  type Turn,
} from './support/opencode-people'
import { openServed, type Served } from './support/opencode-scene'
import type { OpenCodeServer } from './support/opencode-server'
import type { Scene } from './support/scene'

let scene: Scene
let server: OpenCodeServer
let close: Served['close']

beforeAll(async () => {
  ;({ scene, server, close } = await openServed())
  // What the host makes ready for the first turn takes seconds.
  await (await server.openSession()).say('hello')
})

afterAll(async () => {
  expect(await close()).toEqual({ strays: [], violations: [] })
})

let guests: Guests
let count = 0

const signInOthers = async (): Promise<void> => {
  count += 1
  guests = await signInGuests(scene, count)
}

interface Case {
  readonly name: string
  readonly does: Behaviour.Behaviour
  /** What the person sees and how often each account was tried, when only the first does it once. */
  readonly one: Turn
  /** When all do it always. Left out where it is as for another row, and takes its time. */
  readonly all?: Turn
}

const moved: Turn = [good, [1, 1, 0]]
/** The answer is whole, whatever becomes of its connection. */
const whole: Turn = [good, [1, 0, 0]]
const refused = expect.stringMatching(/is refused for now\. The first is back in/)
/** Each is asked again for a while, and then the host is told, and stops. */
const failing: Turn = [
  expect.stringMatching(/The backend fails for every account\. Ask again in a minute\.$/),
  Array(3).fill(expect.any(Number)),
]
/** The same from every account, so no other is asked. */
const told = (words: string): Turn => [expect.stringContaining(words), [1, 0, 0]]

const cases: ReadonlyArray<Case> = [
  { name: 'usage limit', does: Behaviour.usageLimit(), one: moved, all: limited },
  { name: 'usage limit as 404', does: Behaviour.usageLimitNotFound, one: moved, all: limited },
  {
    name: 'usage not included',
    does: Behaviour.usageNotIncluded,
    one: moved,
    all: [refused, [1, 1, 1]],
  },
  { name: '429', does: Behaviour.rateLimited(), one: moved, all: limited },
  { name: '429 for an hour', does: Behaviour.rateLimited(hour), one: moved, all: limited },
  { name: '500', does: Behaviour.serverFault(), one: moved },
  { name: '503 for an hour', does: Behaviour.serverFault(503, hour), one: moved, all: failing },
  { name: 'overloaded', does: Behaviour.overloaded, one: moved },
  {
    name: 'workspace deactivated',
    does: Behaviour.deactivatedWorkspace,
    one: moved,
    all: [refused, [1, 1, 1]],
  },
  { name: 'challenge page', does: Behaviour.challenge, one: moved },
  { name: 'no stream', does: Behaviour.noStream(), one: moved },
  { name: 'reset', does: Behaviour.reset, one: moved },
  { name: 'empty stream', does: Behaviour.emptyStream, one: moved, all: failing },
  { name: 'cut at the start', does: Behaviour.cut('start'), one: moved },
  { name: 'cut before output', does: Behaviour.cut('before-output'), one: moved },
  { name: 'end before output', does: Behaviour.stops('before-output'), one: moved },
  {
    name: 'limit in the stream',
    does: Behaviour.failed('usage_limit_reached'),
    one: moved,
    all: limited,
  },
  {
    name: 'limit as an error event',
    does: Behaviour.errorEvent('rate_limit_exceeded'),
    one: moved,
    all: limited,
  },
  { name: 'overload in the stream', does: Behaviour.failed('server_is_overloaded'), one: moved },
  {
    name: 'sign-in taken back',
    does: Behaviour.unauthorized('token_revoked'),
    one: moved,
  },
  {
    name: 'token refused, also when renewed',
    does: Behaviour.unauthorized('token_expired'),
    one: [good, [2, 0, 0]],
    all: [refused, [2, 2, 2]],
  },
  {
    name: 'a prompt refused in the stream',
    does: Behaviour.failed('invalid_prompt', 'before-output', 'This prompt is not for us.'),
    one: told('This prompt is not for us.'),
    all: told('This prompt is not for us.'),
  },
  {
    name: 'unsupported country',
    does: Behaviour.unsupportedCountry,
    one: told('ountry'),
    all: told('ountry'),
  },
  { name: 'end with the connection kept open', does: Behaviour.stalls('end'), one: whole },
  // The host drops what came and asks again: nothing is said twice.
  { name: 'end after output', does: Behaviour.stops('after-output'), one: [good, [2, 0, 0]] },
  {
    name: 'overload after output',
    does: Behaviour.failed('server_is_overloaded', 'after-output'),
    one: [good, [2, 0, 0]],
  },
]

const turn = (): Promise<Turn> => turnOf(server, guests)

describe('what a person sees of', () => {
  beforeEach(signInOthers)
  afterEach(() => scene.upstream.unscript())

  it.each(cases)('$name, with a healthy account next in line', async ({ does, one }) => {
    scene.upstream.script(guests.ada.key, [does])
    expect(await turn()).toEqual(one)
  })

  it.each(cases.flatMap(({ all, ...rest }) => (all === undefined ? [] : [{ ...rest, all }])))(
    '$name, from all accounts',
    async ({ does, all }) => {
      for (const { key } of guests.people) scene.upstream.always(key, does)
      expect(await turn()).toEqual(all)
    },
  )
})

it.each([
  { name: 'at once', does: Behaviour.contextTooLong },
  { name: 'late', does: Behaviour.slow(6 * second, Behaviour.contextTooLong) },
])('makes a conversation shorter that the backend finds too long, told $name', async ({ does }) => {
  await signInOthers()
  const session = await server.openSession()
  expect(await session.say('hello')).toMatchObject({ text: good })
  const before = guests.tried().reduce((sum, one) => sum + one, 0)
  for (const { key } of guests.people) scene.upstream.script(key, [does])
  const seen = await session.say('hello again')
  const asked = guests.tried().reduce((sum, one) => sum + one, 0) - before
  expect({ seen, asked }).toMatchObject({ seen: { error: '' }, asked: 3 })
})

it('sends the backend what it takes, and nothing it refuses', () => {
  const asked = scene.upstream.journal.requestsOf()
  expect(asked.length).toBeGreaterThan(cases.length)
  expectTaken(asked)
})
