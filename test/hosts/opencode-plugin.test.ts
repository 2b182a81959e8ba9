/**
 * What the plugin is for, in an OpenCode that stays: once as it is built here, and once as a person
 * has it, packed, installed and named in the configuration by our own command.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { second } from '../../core/time'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../entrypoints/embed/testing/script'
import { until } from '../support/until'
import { expectTaken } from './support/backend-bodies'
import { makeBrowser } from './support/browser'
import { namedPlugins, origins, specOf } from './support/opencode-origins'
import { good, limited, signInGuests, turnOf, type Guests } from './support/opencode-people'
import { openServed, type Served } from './support/opencode-scene'
import { productEnvironment } from './support/product'
import { runProgram } from './support/run-program'

describe.each(origins)('the plugin from $name', ({ prepare, files }) => {
  let served: Served
  let guests: Guests
  let count = 0

  const signInOthers = async (): Promise<void> => {
    count += 1
    guests = await signInGuests(served.scene, count)
  }
  const turn = () => turnOf(served.server, guests)

  beforeAll(async () => {
    served = await openServed(prepare)
  })
  beforeEach(signInOthers)
  afterEach(() => served.scene.upstream.unscript())
  afterAll(async () => {
    const { strays, violations } = await served.close()
    expect(strays).toEqual([])
    // One account cannot read what another thought; the backend says so, and it is left out then.
    expect(violations).toEqual([
      expect.objectContaining({ _tag: 'ForeignContent', item: 'reasoning' }),
    ])
  })

  it('is the one that the configuration names', async () => {
    const { scene } = served
    expect(await namedPlugins(scene)).toEqual([specOf(files(scene).plugin)])
    expect(await turn()).toEqual([good, [1, 0, 0]])
  })

  it('moves on when the first account is limited', async () => {
    served.scene.upstream.script(guests.ada.key, [Behaviour.usageLimit()])
    expect(await turn()).toEqual([good, [1, 1, 0]])
  })

  it.each([
    ['is cut', Behaviour.cut('before-output')],
    ['ends', Behaviour.stops('before-output')],
    ['fails by a limit', Behaviour.failed('usage_limit_reached')],
  ])('moves on when a stream %s before its output', async (_, does) => {
    served.scene.upstream.script(guests.ada.key, [does])
    expect(await turn()).toEqual([good, [1, 1, 0]])
  })

  it('renews a token that the backend calls expired', async () => {
    const { upstream } = served.scene
    const before = upstream.journal.refreshes().length
    upstream.refuseAccess(guests.ada.key, 'token_expired')
    expect(await turn()).toEqual([good, [2, 0, 0]])
    expect(upstream.journal.refreshes()).toHaveLength(before + 1)
  })

  it('renews a token whose time is over before it is sent', async () => {
    const { upstream } = served.scene
    const before = upstream.journal.refreshes().length
    count += 1
    guests = await signInGuests(served.scene, count, {
      signIn: (_, person, index) =>
        upstream.signIn(person, index === 0 ? { lifetimes: { access: -second } } : {}),
    })
    expect(await turn()).toEqual([good, [1, 0, 0]])
    expect(upstream.journal.refreshes()).toHaveLength(before + 1)
  })

  it('shows when everything is limited, and stops', async () => {
    for (const { key } of guests.people) served.scene.upstream.always(key, Behaviour.usageLimit())
    expect(await turn()).toEqual(limited)
  })

  it('goes on with another account between a tool call and its result', async () => {
    const { journal, script } = served.scene.upstream
    script(guests.ada.key, [
      Behaviour.calls('bash', { command: 'echo from-the-tool', description: 'Say a word' }),
      Behaviour.usageLimit(),
    ])
    expect(await turn()).toEqual([good, [2, 2, 0]])
    const [, call] = journal.requestsOf(guests.grace.key)
    expect(JSON.stringify(call?.body)).toMatch(/function_call_output.*from-the-tool/)
  })

  it('asks for the title of a session on the account of its first turn', async () => {
    const { journal, always } = served.scene.upstream
    // A title and its turn are under way at once, and so are two sessions.
    always(everyone, Behaviour.slow(second))
    const accountsOf = async (): Promise<ReadonlyArray<string>> => {
      const session = await served.server.openSession({ title: '' })
      expect(await session.say('hello')).toMatchObject({ text: good, error: '' })
      expect(await until(async () => (await session.title()) === good)).toBe(true)
      return journal
        .requestsOf()
        .filter(({ conversation }) => conversation.session === session.id)
        .map(({ accountHeader }) => accountHeader)
    }
    const seen = await Promise.all([accountsOf(), accountsOf()])
    for (const [title, first, ...more] of seen) expect([first, more]).toEqual([title, []])
    expect(new Set(seen.flat()).size).toBe(2)
  })

  it('asks for it there too while a token is renewed', async () => {
    const { fail, refuseAccess } = served.scene.upstream
    refuseAccess(guests.ada.key, 'token_expired')
    fail('/oauth/token', [Behaviour.delayed(second)])
    const session = await served.server.openSession({ title: '' })
    expect(await session.say('hello')).toMatchObject({ text: good, error: '' })
    expect(await until(async () => (await session.title()) === good)).toBe(true)
    expect(guests.tried()).toEqual([expect.any(Number), 0, 0])
  })

  it('serves from an account that the command line signs in meanwhile', async () => {
    const { scene } = served
    const { addPerson, always, browser, journal } = scene.upstream
    for (const { key } of guests.people) always(key, Behaviour.usageLimit())
    expect(await turn()).toEqual(limited)
    const late = addPerson({ email: `late${count}@mail.test` }).accounts[0]
    browser.signsIn(late)
    const signedIn = await runProgram({
      program: process.execPath,
      arguments: [files(scene).program, 'login'],
      cwd: scene.home.workspace,
      environment: productEnvironment({
        ...scene,
        environment: { BROWSER: await makeBrowser(scene.home) },
      }),
    })
    expect(signedIn.code).toBe(0)
    expect(await turn()).toEqual([good, [1, 1, 1]])
    expect(journal.requestsOf(late.key)).toHaveLength(1)
  })

  it('serves two projects from the same pool', async () => {
    const directory = join(served.scene.home.path, 'other')
    await mkdir(directory)
    const { openSession } = served.server
    const sessions = await Promise.all([openSession(), openSession({ directory })])
    const said = await Promise.all(sessions.map((session) => session.say('hello')))
    expect(said.map(({ text }) => text)).toEqual([good, good])
    expect(guests.tried().reduce((sum, times) => sum + times, 0)).toBe(2)
  })

  it('has sent the backend what it takes, and nothing it refuses', () => {
    const asked = served.scene.upstream.journal.requestsOf()
    expect(asked.length).toBeGreaterThan(20)
    expectTaken(asked)
  })
})
