/**
 * The adapters of the plugin in the runtime that carries it, OpenCode's own Bun: each keeps the laws of
 * its port there too. What Bun cannot do is named, so that a release that can is noticed.
 */
import { join } from 'node:path'
import { cleanEnvironment } from '../support/clean-environment'
import { makeHome, type Home } from './support/home'
import { openCodeBinary } from './support/opencode'
import { runProgram } from './support/run-program'

const root = join(__dirname, '..', '..')

/**
 * Bun carries node's client over its `fetch`, which adds and joins headers and sends no request twice: a
 * request on a connection that has just died is a fault of the backend to us, and another account serves
 * it. What is no HTTP is waited for until the time for an answer is over. The real backend is behind
 * TLS, for which Bun does ask a proxy for a connection.
 */
const byItsClient = [
  'on the wire > a head leaves as given: names, order and repeats, bytes above 127',
  'on the wire > a head comes in as sent, names in lower case',
  'on the wire > a header that cannot be one is Unreachable: nothing was sent',
  'on the wire > an answer that is none is Broken',
  'a kept connection > that turns out closed is replaced once',
  'a kept connection > is replaced no second time',
  'a proxy > is asked for a connection, over which the request goes',
]

/**
 * Bun's server does not hear that a client has gone or takes no more, nor cuts an answer short. The plugin's only
 * listener takes the redirect of a sign-in, and answers in whole; that its client does hear and let go
 * is shown on raw sockets, by `http.wire`.
 */
const byItsServer = {
  http: [
    'an exchange > carries method, target and headers as given: order, repeats and values kept',
    'what goes wrong > ends a cut body of known length in Broken, after what came, and stays so',
    'what goes wrong > ends a cut body of unknown length in Broken, after what came, and stays so',
    'what goes wrong > times out when no answer begins, and lets go of the request',
    'cancelling > a body lets go of what is left, as often as it is told to',
  ],
  'http-server': [
    'a listener > ends open connections when it closes, and cancels their bodies',
    'a reply > that is cut arrives up to there, its head too where that is all',
    'a request > knows when its client has gone, and its body is cancelled',
  ],
}

/**
 * An answer that is there before the upload was read may be lost with the connection, or not. And a body
 * that nobody holds back has been taken whole after 60 ms by a quick machine only.
 */
const byChance = [
  'a request > reads a body that is one byte longer, and the next one too',
  'a reply > does not ask its body for more than the client takes',
]

const suites: ReadonlyArray<{ readonly suite: string; readonly cannot?: ReadonlyArray<string> }> = [
  { suite: 'browser' },
  { suite: 'clock' },
  { suite: 'compression' },
  { suite: 'file-system' },
  { suite: 'hash' },
  { suite: 'http', cannot: byItsServer.http },
  { suite: 'http-server', cannot: byItsServer['http-server'] },
  { suite: 'http.wire', cannot: byItsClient },
  { suite: 'lock' },
  { suite: 'lookup' },
  { suite: 'outbound-proxy' },
  { suite: 'process' },
  { suite: 'random' },
  { suite: 'watcher' },
]

interface Told {
  readonly passed: ReadonlySet<string>
  readonly failed: ReadonlySet<string>
}

/** The home is a throw-away one, as Bun keeps a cache of what it compiles there. */
const runUnderBun = async (
  home: string,
  suite: string,
): Promise<Told & { readonly said: string }> => {
  const { stderr: said } = await runProgram({
    program: openCodeBinary(),
    arguments: ['test', '--timeout', '60000', `./test/${suite}.test.ts`],
    cwd: root,
    environment: cleanEnvironment(home, { BUN_BE_BUN: '1' }),
    timeMax: 150_000,
  })
  const named = (outcome: string): ReadonlySet<string> =>
    new Set(
      [...said.matchAll(/^\((pass|fail)\) (.*?)(?: \[[\d.]+m?s\])?$/gm)].flatMap(
        ([, told, name]) => (told === outcome ? [(name ?? '').replace(/^node: /, '')] : []),
      ),
    )
  return { said, passed: named('pass'), failed: named('fail') }
}

describe('under the host’s own runtime', () => {
  let home: Home
  let passed = 0

  beforeAll(async () => {
    home = await makeHome()
  })
  afterAll(() => home.remove())

  it.each(suites)('the suite of $suite holds', async ({ suite, cannot = [] }) => {
    const told = await runUnderBun(home.path, `adapters/node/${suite}`)
    const failed = [...told.failed].filter((name) => !byChance.includes(name)).sort()
    expect([told.said, failed]).toEqual([told.said, [...cannot].sort()])
    expect(told.passed.size).toBeGreaterThan(0)
    passed += told.passed.size
  })

  it('they are the suites they are elsewhere, not a few of their cases', () => {
    expect(passed).toBeGreaterThan(175)
  })
})
