/**
 * What ends in OpenCode, a turn, an instance or the process, ends in the plugin too: nobody is blamed
 * for it, nothing stays behind, and the next turn is served.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as O from 'fp-ts/Option'
import * as RuntimeFile from '../../core/storage/runtime-file'
import * as RuntimeState from '../../core/storage/runtime-state'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../entrypoints/embed/testing/script'
import { until } from '../support/until'
import { lastLoad, openServed, type Served } from './support/opencode-scene'
import { serveOpenCode, type OpenCodeServer, type Session } from './support/opencode-server'
import type { Scene } from './support/scene'

let scene: Scene
let server: OpenCodeServer
let close: Served['close']

beforeAll(async () => {
  ;({ scene, server, close } = await openServed())
})

afterEach(() => scene.upstream.unscript())

afterAll(async () => {
  expect(await close()).toEqual({ strays: [], violations: [] })
})

const good = expect.objectContaining({ text: 'Hello from the model.', error: '' })

/** Of many events: it lasts for a hundred seconds where nobody ends it. */
const lasting = Behaviour.answers({ text: 'word '.repeat(2_000) }, 50)

const rootOf = ({ home }: Scene): string => join(home.path, 'multi-auth')

const remembered = async (): Promise<RuntimeState.RuntimeState> =>
  RuntimeFile.parse(
    await readFile(join(rootOf(scene), 'runtime/state.json'), 'utf8').catch(() => ''),
    '',
  )

/** Whose requests of the conversation were, in order. */
const serversOf = ({ id }: Session): ReadonlyArray<string> =>
  scene.upstream.journal
    .requestsOf()
    .flatMap(({ account, conversation }) =>
      conversation.session === id && O.isSome(account) ? [account.value.key] : [],
    )

/** The end of a turn of the conversation has reached the disk, and is held against nobody there. */
const expectNoBlame = async ({ id }: Session): Promise<void> => {
  expect(await until(async () => Object.hasOwn((await remembered()).ties, id))).toBe(true)
  const state = await remembered()
  for (const { key } of [scene.ada, scene.grace, scene.barbara]) {
    const { circuit, failedAt, score } = RuntimeState.standingOf(key)(state)
    const { _tag } = RuntimeState.cooldownOf(key)(state)
    expect([_tag, circuit._tag, failedAt, score.points]).toEqual(['Ready', 'Closed', 0, 100])
  }
}

const hasNoStream = (): Promise<boolean> => until(async () => scene.upstream.streams() === 0)

describe('a turn', () => {
  it('that is whole blames nobody for the signal that is aborted after it', async () => {
    const [session, other] = [await server.openSession(), await server.openSession()]
    expect(await session.say('one')).toEqual(good)
    await expectNoBlame(session)
    // Whoever serves a new conversation is another one: this one stays for its cache.
    expect(await other.say('hello')).toEqual(good)
    expect(await session.say('two')).toEqual(good)
    const [first] = serversOf(session)
    expect(serversOf(session)).toEqual([first, first])
    expect(serversOf(other)).not.toContain(first)
  })

  it('that is interrupted ends upstream and blames nobody', async () => {
    scene.upstream.script(everyone, [lasting])
    const session = await server.openSession()
    const { error } = await session.interrupt('hello', () => until(session.isHeard))
    expect([error, await hasNoStream()]).toEqual([expect.stringMatching(/abort/i), true])
    await expectNoBlame(session)
    expect(await session.say('again')).toEqual(good)
    const [first] = serversOf(session)
    expect(serversOf(session)).toEqual([first, first])
  })
})

describe('an instance', () => {
  it('that is disposed ends its turn upstream, blames nobody, and serves when it is opened anew', async () => {
    scene.upstream.script(everyone, [lasting])
    const session = await server.openSession()
    const said = session.say('hello')
    expect(await until(session.isHeard)).toBe(true)
    const loadedAt = await lastLoad(scene)
    await server.dispose(scene.home.workspace)
    expect((await said).error).toMatch(/abort/i)
    expect(await hasNoStream()).toBe(true)
    await expectNoBlame(session)
    expect(await session.say('again')).toEqual(good)
    expect(await lastLoad(scene)).toBeGreaterThan(loadedAt)
  })

  it('that is disposed leaves the turn of another alone', async () => {
    const directory = join(scene.home.path, 'other')
    await mkdir(directory)
    const text = 'word '.repeat(60)
    const session = await server.openSession({ directory })
    scene.upstream.script(everyone, [Behaviour.answers({ text }, 50)])
    const said = session.say('hello')
    expect(await until(session.isHeard)).toBe(true)
    await server.dispose(scene.home.workspace)
    expect(await said).toMatchObject({ text, error: '' })
    expect(serversOf(session)).toHaveLength(1)
    await expectNoBlame(session)
  })
})

describe('the process', () => {
  const withServer = async <A>(use: (server: OpenCodeServer) => Promise<A>): Promise<A> => {
    const other = await serveOpenCode(scene)
    try {
      return await use(other)
    } finally {
      await other.close()
    }
  }

  const files = async (): Promise<ReadonlyArray<string>> =>
    (await readdir(rootOf(scene), { recursive: true })).sort()

  /** What is there for a moment only. */
  const fleeting = async (): Promise<ReadonlyArray<string>> =>
    (await files()).filter((name) => /\d+\.json$|lock|draft|tmp/.test(name))

  const expectTidy = async (): Promise<void> => {
    await until(async () => (await fleeting()).length === 0)
    expect(await fleeting()).toEqual([])
  }

  it('leaves no lock, draft or file of its own behind, nor does what a killed one left stay', async () => {
    const before = await withServer(async (first) => {
      expect(await (await first.openSession()).say('hello')).toEqual(good)
      await first.dispose(scene.home.workspace)
      const session = await first.openSession()
      expect(await session.say('hello')).toEqual(good)
      await expectTidy()
      const tidy = await files()
      scene.upstream.script(everyone, [lasting])
      void session.say('again').catch(() => undefined)
      expect(await until(session.isHeard)).toBe(true)
      return tidy
    })
    expect(await hasNoStream()).toBe(true)

    await withServer(async (next) => {
      expect(await (await next.openSession()).say('hello')).toEqual(good)
      await expectTidy()
    })
    expect(await files()).toEqual(before)
  })
})
