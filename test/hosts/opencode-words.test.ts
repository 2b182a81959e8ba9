/** What the plugin tells a person in OpenCode: by the model's tool, in toasts, and in the host's log. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as O from 'fp-ts/Option'
import { entry, logPath } from '../../core/hosts/opencode'
import { second } from '../../core/time'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import type { Account as Person } from '../../entrypoints/embed/testing/people'
import { until } from '../support/until'
import { openCodeEnvironment, readStore, setUpOpenCode, storePath } from './support/opencode'
import {
  good,
  limited,
  signInGuests,
  turnOf,
  type Guests,
  type Turn,
} from './support/opencode-people'
import { lastLoad, openServed, type Served } from './support/opencode-scene'
import type { Listening, OpenCodeServer } from './support/opencode-server'
import { readPool, writePool } from './support/product'
import type { Scene } from './support/scene'

let scene: Scene
let server: OpenCodeServer
let close: Served['close']
let guests: Guests
let count = 0

/** The host gives an answer up that has not begun by then, or says nothing for so long. */
const hostWaits = { headerTimeout: 8 * second, chunkTimeout: 7.5 * second }

beforeAll(async () => {
  ;({ scene, server, close } = await openServed(
    (opened) => setUpOpenCode(opened, undefined, { provider: { openai: { options: hostWaits } } }),
    { CODEX_AUTH_RATE_LIMIT_SHORT_RETRY_THRESHOLD_MS: String(20 * second) },
  ))
})

/** Of everybody who was signed in here. */
const tokens: Array<string> = []

beforeEach(async () => {
  count += 1
  guests = await signInGuests(scene, count, {
    signIn: ({ upstream }, person) => {
      const given = upstream.signIn(person)
      tokens.push(given.accessToken, given.refreshToken, given.idToken)
      return given
    },
  })
})

afterEach(() => scene.upstream.unscript())

afterAll(async () => {
  const { strays, violations } = await close()
  expect(strays).toEqual([])
  // Another account goes on after a call of the tool, and cannot read what was thought before.
  expect(violations).toEqual([
    expect.objectContaining({ _tag: 'ForeignContent', item: 'reasoning' }),
  ])
})

const turn = (): Promise<Turn> => turnOf(server, guests)

describe('the tool', () => {
  const ask = (action: string, account?: string): Behaviour.Behaviour =>
    Behaviour.calls('codex_accounts', { action, ...(account === undefined ? {} : { account }) })

  /** What the tool gave the model, in the last request of this account. */
  const toldTo = ({ key }: Person): ReadonlyArray<string> => {
    const call = scene.upstream.journal.requestsOf(key).at(-1)
    const { input } = call?.body as { readonly input: ReadonlyArray<Item> }
    return input.flatMap(({ output, type }) => (type === 'function_call_output' ? [output] : []))
  }
  interface Item {
    readonly type: string
    readonly output: string
  }

  it('lists the accounts, with what has just been learnt of each', async () => {
    scene.upstream.script(guests.ada.key, [Behaviour.usageLimit()])
    scene.upstream.script(guests.grace.key, [ask('list')])
    expect(await turn()).toEqual([good, [1, 2, 0]])
    expect(toldTo(guests.grace)).toEqual([
      expect.stringMatching(
        /^1\. ada\S+ is rate limited.* back in .*\n2\. grace\S+ is ready.*\n3\. barbara\S+ is ready$/,
      ),
    ])
  })

  it('tells the status, with routing and quota', async () => {
    scene.upstream.script(guests.ada.key, [ask('status')])
    expect(await turn()).toEqual([good, [2, 0, 0]])
    expect(toldTo(guests.ada)).toEqual([
      expect.stringMatching(
        /^Routing automatic, strategy hybrid\. Ready 3 of 3 accounts\.\n1\. ada.*\n {3}.*%.*\n[^]*2\. grace.*\n {3}quota not seen yet\n3\. /,
      ),
    ])
  })

  it('tells who serves next, and why not the others', async () => {
    scene.upstream.script(guests.ada.key, [Behaviour.usageLimit()])
    scene.upstream.script(guests.grace.key, [ask('why')])
    expect(await turn()).toEqual([good, [1, 2, 0]])
    expect(toldTo(guests.grace)).toEqual([
      expect.stringMatching(
        /^The next request goes to account [23], .*\.\n\n#\s+ACCOUNT\s+WHY\n1\s+ada\S+\s+is rate limited/,
      ),
    ])
  })

  it('switches to who is named, who serves from then on', async () => {
    const name = `grace${count}@mail.test`
    scene.upstream.script(guests.ada.key, [ask('switch', name)])
    const [seen] = await turn()
    expect([seen, toldTo(guests.grace)]).toEqual([good, [`Switched to ${name}.`]])
    expect((await readPool(scene.home)).pinned).toEqual(O.some(guests.grace.key))
    scene.upstream.script(guests.grace.key, [ask('list')])
    expect(await (await server.openSession()).say('hello')).toMatchObject({ text: good })
    expect(toldTo(guests.grace)).toEqual([
      expect.stringMatching(/^2\. grace\S+ is ready \(chosen\)$/m),
    ])
    expect(guests.tried()).toEqual([1, expect.any(Number), 0])
  })

  it('says so where nobody is called that, and leaves the choice', async () => {
    scene.upstream.script(guests.ada.key, [ask('switch', 'nobody')])
    expect(await turn()).toEqual([good, [2, 0, 0]])
    expect(toldTo(guests.ada)).toEqual(['No account is called nobody. Ask for the list.'])
    expect((await readPool(scene.home)).pinned).toEqual(O.none)
  })
})

const readLog = (): Promise<string> =>
  readFile(logPath({ home: scene.home.path, environment: openCodeEnvironment(scene) }), 'utf8')

/** What the host's log holds of this, after where it stood. */
const isLogged = (words: RegExp, from: number): Promise<boolean> =>
  until(async () => words.test((await readLog()).slice(from)))

describe('a toast', () => {
  let heard: Listening
  let from = 0
  beforeEach(async () => {
    heard = await server.listen()
    from = (await readLog()).length
  })
  afterEach(() => heard.stop())

  const messages = (): ReadonlyArray<string> => heard.toasts().map(({ message }) => message)

  it('tells who serves now and why, once, as does the log', async () => {
    scene.upstream.script(guests.ada.key, [Behaviour.usageLimit()])
    const session = await server.openSession()
    for (const text of ['one', 'two'])
      expect(await session.say(text)).toMatchObject({ text: good, error: '' })
    const words = `grace${count}@mail.test serves now: ada${count}@mail.test is rate limited`
    expect(heard.toasts()).toEqual([
      expect.objectContaining({ message: expect.stringContaining(words), variant: 'info' }),
    ])
    expect(await isLogged(new RegExp(`level=INFO .*codex-multi-auth: ${words}`), from)).toBe(true)
  })

  it('tells that no sign-in is left', async () => {
    for (const { key } of guests.people)
      scene.upstream.always(key, Behaviour.unauthorized('token_revoked'))
    expect(await turn()).toEqual([expect.stringMatching(/needs a new sign-in/), [1, 1, 1]])
    expect(messages()).toEqual([
      'codex-multi-auth: no account can serve. Sign one in: codex-multi-auth login',
    ])
  })

  it('is not shown where all is as ever', async () => {
    expect(await turn()).toEqual([good, [1, 0, 0]])
    expect(messages()).toEqual([])
  })

  it('tells of a wait that lasts longer than the host waits for a word, and the turn is served after it', async () => {
    for (const { key } of guests.people)
      scene.upstream.script(key, [Behaviour.rateLimited(13 * second)])
    expect(await turn()).toEqual([good, [2, 1, 1]])
    expect(messages()[0]).toMatch(
      /^codex-multi-auth: no account can serve; the first is back in 1\d s, waiting$/,
    )
  })

  it('is shown in no other words than the host’s own where all are limited for long', async () => {
    for (const { key } of guests.people) scene.upstream.always(key, Behaviour.usageLimit())
    expect(await turn()).toEqual(limited)
    expect(messages()).toEqual([])
  })
})

describe('a line in the log, when a project is opened, says', () => {
  const own = { type: 'oauth', access: 'own', refresh: 'own', expires: 4_000_000_000_000 }
  const key = { type: 'api', key: 'of a person' }

  /** Opens the project anew, where the host's store holds this. */
  const openAnew = async (openai: object): Promise<number> => {
    await mkdir(dirname(storePath(scene)), { recursive: true })
    await writeFile(storePath(scene), JSON.stringify({ openai }))
    const from = (await readLog()).length
    const before = await lastLoad(scene)
    await server.dispose(scene.home.workspace)
    // One that is asked for meanwhile may still be of the instance that ends.
    const isOpen = async () => {
      await server.openSession()
      return (await lastLoad(scene)) > before
    }
    expect(await until(isOpen)).toBe(true)
    return from
  }

  it('that the host’s own sign-in is kept aside', async () => {
    const from = await openAnew(own)
    expect(await isLogged(/The sign-in OpenCode had for openai is kept aside/, from)).toBe(true)
    expect(await readStore(scene)).toEqual({ openai: entry })
  })

  it('that an API key is left alone', async () => {
    const from = await openAnew(key)
    expect(await isLogged(/OpenCode uses an API key for openai; .* leaves it alone/, from)).toBe(
      true,
    )
    expect(await readStore(scene)).toEqual({ openai: key })
  })

  it('that nobody is signed in', async () => {
    await writePool(scene.home, [])
    const from = await openAnew(own)
    expect(await isLogged(/No account is signed in yet\. Run: codex-multi-auth login/, from)).toBe(
      true,
    )
    expect(await readStore(scene)).toEqual({ openai: own })
  })
})

it('no token stands in the log', async () => {
  const log = await readLog()
  expect(/grace\d+@mail\.test serves now/.test(log)).toBe(true)
  expect(tokens.filter((token) => log.includes(token))).toEqual([])
})
