/** The real terminal UI in a real terminal, by way of the shim: as if we were not there. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import type { Account as Person } from '../../entrypoints/embed/testing/people'
import type { Upstream } from '../../entrypoints/embed/testing/upstream'
import { tool } from '../support/tools'
import { until } from '../support/until'
import { makeHome, type Home } from './support/home'
import { officialBinary, overridesFor } from './support/official'
import { productEnvironment, runProduct, writePool, type Row } from './support/product'
import { startRecordingProxy, type RecordingProxy } from './support/recording-proxy'
import { openScreen, untouched, type Screen } from './support/tmux'
import { startOnSockets } from './support/upstream'

let upstream: Upstream
let home: Home
let proxy: RecordingProxy
let screen: Screen
let rows: ReadonlyArray<Row>
let ada: Person
let grace: Person

const inTerminal = tool('tmux', 'bash')

beforeEach(async () => {
  ;[upstream, home, proxy] = await Promise.all([
    startOnSockets(),
    makeHome(),
    startRecordingProxy(),
  ])
  ada = upstream.addPerson({ email: 'ada@mail.test' }).accounts[0]
  grace = upstream.addPerson({ email: 'grace@mail.test' }).accounts[0]
  upstream.always(ada.key, Behaviour.usageLimit())
  upstream.always(grace.key, Behaviour.says('Hello from Grace.'))
  rows = [ada, grace].map((account) => ({ account, tokens: upstream.signIn(account) }))
  const [first] = rows
  if (first !== undefined) await home.writeLogin(first.tokens, first.account)
  // The folder is trusted already, so the first screen is that of every day.
  const trusted = `[projects."${home.workspace}"]\ntrust_level = "trusted"\n`
  await writeFile(join(home.path, 'config.toml'), trusted)
  const folders = [join(home.path, 'multi-auth', 'bin'), dirname(process.execPath)]
  const environment = { PATH: [...folders, '/usr/bin', '/bin'].join(':') }
  screen = await openScreen(home, productEnvironment({ upstream, home, proxy, environment }))
  await screen.shows(/\$|#/)
  await screen.enter("PS1='ready> '; official=" + officialBinary())
  await screen.shows(/^ready>$/m)
})

afterEach(async () => {
  const strays = proxy.strays()
  await screen.end()
  await Promise.all([proxy.close(), upstream.close()])
  await home.remove()
  expect(strays).toEqual([])
})

/** From here on `codex` is ours. */
const install = async (): Promise<void> => {
  await writePool(home, rows)
  const ran = await runProduct({ upstream, home, proxy }, 'shim', 'install', '--shell', 'bash')
  expect(ran.code).toBe(0)
}

const attempts = (): ReadonlyArray<number> =>
  [ada, grace].map(({ key }) => upstream.journal.requestsOf(key).length)

const begin = async (line: string): Promise<void> => {
  await screen.enter(line)
  await screen.shows(/Ask Codex to do anything[^]*~\/workspace/)
}

/** Said, and the turn is over: until then Ctrl-C would end the turn alone. */
const answers = async (text: string): Promise<void> => {
  await screen.shows(new RegExp(`${text}[^]*Worked for`))
}

/** Leaves the terminal UI, which does so by itself when nothing is under way. */
const quit = async (): Promise<void> => {
  await screen.press('C-c')
  await screen.shows(/To continue this session[^]*^ready>$/m)
}

/** What the terminal is set to, as the shell is told. */
const settings = async (name: string): Promise<string> => {
  await screen.enter(`stty -g > ../${name}; echo "is $?"`)
  await screen.shows(/^is 0$/m)
  return readFile(join(home.path, name), 'utf8')
}

const nothingLeft = async (): Promise<void> => {
  await until(async () => (await screen.processes()).length === 0)
  expect(await screen.processes()).toEqual([])
}

inTerminal(
  'answers by the account that can, and leaves terminal and processes as before',
  async () => {
    await install()
    const before = await settings('before')

    await begin('codex')
    expect((await screen.state()).isAlternate).toBe(true)
    expect(await screen.processes()).not.toEqual([])
    await screen.enter('Say hello.')
    await answers('Hello from Grace\\.')
    await quit()

    await nothingLeft()
    expect(attempts()[0]).toBe(1)
    await screen.shows(/codex-multi-auth: the serving account changed once in this session\./)
    expect(await screen.state()).toEqual(untouched)
    expect(await settings('after')).toBe(before)
  },
)

inTerminal('says nothing of the change where quiet is wanted', async () => {
  await install()
  await begin('CODEX_MULTI_AUTH_QUIET=1 codex')
  await screen.enter('Say hello.')
  await screen.shows(/Hello from Grace\.[^]*Worked for/)
  await quit()
  await nothingLeft()
  await screen.enter('echo "ended $?"')
  expect(await screen.shows(/^ended 0$/m)).not.toContain('codex-multi-auth')
  expect(attempts()[0]).toBe(1)
})

inTerminal('is interrupted by Ctrl-C, and the next prompt is answered', async () => {
  await install()
  upstream.always(grace.key, Behaviour.silence)
  await begin('codex')
  await screen.enter('Think for long.')
  await screen.shows(/to interrupt/)
  await until(async () => (attempts()[1] ?? 0) > 0)
  await screen.press('C-c')
  await screen.shows(/interrupted/i)
  upstream.always(grace.key, Behaviour.says('Hello from Grace.'))
  await screen.enter('Say hello.')
  await answers('Hello from Grace.')
  await quit()
})

inTerminal('ends an exec by Ctrl-C as the official CLI ends', async () => {
  await install()
  upstream.always(grace.key, Behaviour.silence)
  await screen.enter('codex exec --skip-git-repo-check "Say hello."')
  await until(async () => attempts()[1] === 1)
  await screen.press('C-c')
  await screen.shows(/^ready>$/m)
  await screen.enter('echo "ended $?"')
  await screen.shows(/^ended 1$/m)
  await nothingLeft()
})

inTerminal.each([
  { start: 'codex', asks: true },
  { start: 'codex exec --skip-git-repo-check "Say hello."', asks: false },
])('stops by Ctrl-Z in the middle of a turn and goes on: $start', async ({ start, asks }) => {
  await install()
  let isAsked = false
  upstream.always(grace.key, () => {
    isAsked = true
    return Behaviour.slow(1_000, Behaviour.says('Hello from Grace.'))
  })
  if (asks) await begin(start)
  await screen.enter(asks ? 'Say hello.' : start)
  expect(await until(async () => isAsked)).toBe(true)
  await screen.press('C-z')
  await screen.shows(/Stopped[^]*^ready>$/m)
  expect((await screen.processes()).length).toBeGreaterThan(1)
  await until(async () => (await screen.processes()).every(({ isStopped }) => isStopped))
  expect(await screen.processes()).not.toContainEqual(expect.objectContaining({ isStopped: false }))
  expect(await screen.state()).toEqual(untouched)
  await screen.enter('fg')
  if (asks) {
    await answers('Hello from Grace.')
    await quit()
  } else await screen.shows(/Hello from Grace\./)
  await nothingLeft()
})

inTerminal('is told when the terminal gets another size', async () => {
  await install()
  await begin('codex')
  const line = 'a'.repeat(90)
  await screen.type(line)
  await screen.shows(/^› a{60,80}$/m)
  await screen.resize(120, 30)
  await screen.shows(/^› a{90}$/m)
})

inTerminal('ends with its window', async () => {
  await install()
  await begin('codex')
  await screen.closeWindow()
  await nothingLeft()
})

inTerminal('goes on with a thread from before we were installed', async () => {
  upstream.always(ada.key, Behaviour.says('First answer.'))
  await begin(`$official ${overridesFor(upstream).map(quoted).join(' ')} --no-daemon`)
  await screen.enter('Say one.')
  await answers('First answer.')
  await quit()
  const [session, ...others] = await sessions()
  expect(others).toEqual([])
  const before = await readFile(session ?? '', 'utf8')
  const { id } = (JSON.parse(before.split('\n', 1)[0] ?? '') as { payload: { id: string } }).payload

  await install()
  upstream.always(ada.key, Behaviour.usageLimit())
  await screen.enter('codex resume --last')
  await screen.shows(/First answer\.[^]*Ask Codex to do anything/)
  await screen.enter('Say two.')
  await answers('Hello from Grace.')
  await quit()

  expect(await sessions()).toEqual([session])
  expect((await readFile(session ?? '', 'utf8')).startsWith(before)).toBe(true)
  // A new thread is given a title by a request of its own.
  const asked = upstream.journal
    .requestsOf(grace.key)
    .filter(({ conversation }) => conversation.thread === id)
  const remembers = asked.map(({ body }) => JSON.stringify(body).includes('First answer.'))
  // Once more where the first answer's reasoning was not for this account to open.
  expect(remembers).toEqual([true, true])
})

const quoted = (word: string): string => `'${word}'`

/** The records of all threads. */
const sessions = async (): Promise<ReadonlyArray<string>> => {
  const folder = join(home.path, 'sessions')
  return (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(folder, name))
}
