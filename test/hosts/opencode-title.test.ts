/**
 * The title of a session, for which OpenCode asks the model beside the first turn: whatever becomes of
 * it, the turn is answered and ends, and so does the next one.
 */
import { hour, second } from '../../core/time'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../entrypoints/embed/testing/script'
import { until } from '../support/until'
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
  expect((await close()).strays).toEqual([])
})

interface Case {
  readonly becomes: string
  /** Of every request for the title, on any account. */
  readonly does: Behaviour.Behaviour
  /** What the session is called in the end: by the model, or by the host alone. */
  readonly isNamed: boolean
}

const good = { text: 'Hello from the model.', error: '' }

const cases: ReadonlyArray<Case> = [
  { becomes: 'is answered', does: Behaviour.ok, isNamed: true },
  {
    becomes: 'is answered, its connection kept open',
    does: Behaviour.stalls('end'),
    isNamed: true,
  },
  { becomes: 'fails', does: Behaviour.serverFault(), isNamed: false },
  { becomes: 'is to be asked in an hour', does: Behaviour.serverFault(503, hour), isNamed: false },
  { becomes: 'is refused', does: Behaviour.failed('invalid_prompt'), isNamed: false },
  { becomes: 'is cut', does: Behaviour.cut('after-output'), isNamed: false },
  { becomes: 'stands still', does: Behaviour.stalls('before-output'), isNamed: false },
  { becomes: 'stands still within', does: Behaviour.stalls('after-output'), isNamed: false },
  { becomes: 'is never answered', does: Behaviour.silence, isNamed: false },
]

describe('a turn ends, and so does the next, when the title', () => {
  afterEach(() => scene.upstream.unscript())

  it.each(cases)('$becomes', async ({ does, isNamed }) => {
    const session = await server.openSession({ title: '' })
    let titles = 0
    // A request for a title offers no tools. One of an earlier session may still be under way.
    scene.upstream.always(everyone, ({ body, conversation }) => {
      if (conversation !== session.id || 'tools' in body) return Behaviour.ok
      titles += 1
      return does
    })
    const said = [await session.say('hello'), await session.say('again')]
    expect(said).toEqual(Array(2).fill(expect.objectContaining(good)))
    expect(titles).toBeGreaterThan(0)
    if (isNamed) expect(await until(async () => (await session.title()) === good.text)).toBe(true)
    else expect(await session.title()).toMatch(/^New session/)
  })
})

describe('a title and the first turn of its session', () => {
  afterEach(() => scene.upstream.unscript())

  it('go to one account, however late both are answered', async () => {
    scene.upstream.always(everyone, Behaviour.slow(1.5 * second))
    const accounts: Array<ReadonlyArray<string>> = []
    for (let n = 0; n < 4; n += 1) {
      const session = await server.openSession({ title: '' })
      expect(await session.say('hello')).toMatchObject(good)
      expect(await until(async () => (await session.title()) === good.text)).toBe(true)
      const asked = scene.upstream.journal
        .requestsOf()
        .filter(({ conversation }) => conversation.session === session.id)
      accounts.push(asked.map(({ accountHeader }) => accountHeader))
    }
    for (const [title, turn, ...more] of accounts) expect([turn, more]).toEqual([title, []])
    expect(new Set(accounts.flat()).size).toBeGreaterThan(1)
  })
})
