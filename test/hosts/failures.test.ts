/** The failure matrix through the built wrapper: with the real CLI, and with a plain client. */
import { spawn } from 'node:child_process'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { modelBody } from '../support/model-request'
import { second } from '../../core/time'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../entrypoints/embed/testing/script'
import { until } from '../support/until'
import { expectedOf, testLaws, type Played } from '../support/failure-laws'
import {
  bringing,
  environment,
  foreignSeen,
  rows,
  wordsOf,
  type Row,
  type State,
  type Way,
} from '../support/failure-matrix'
import { answerIn, looksWhole, visibleIn, type Heard } from '../support/seen-answer'
import { answerOf, asMetByCli, toTheMinute, turnOf, foreignByCli } from './support/cli-turn'
import {
  asExpected,
  asExpectedAnswer,
  lastOf,
  playAll,
  setUp,
  statesOf,
  triedBy,
  type Lane,
} from './support/failure-rows'
import { productEnvironment, program, runProduct, writePool } from './support/product'
import type { Ran } from './support/run-program'
import { openScene, type Scene } from './support/scene'

/** One row a kind of fault and place, but all where another account is to serve. */
const some = (isWanted: (row: Row) => boolean): ReadonlyArray<Row> => {
  const seen = new Set<string>()
  return rows.filter((row) => {
    const { means, place } = row.way
    const kind = `${means._tag} ${place} ${row.pool}`
    const isNew = !seen.has(kind)
    seen.add(kind)
    return isWanted(row) && (isNew || row.pool === 'two healthy')
  })
}

const closed = async (scene: Scene): Promise<void> => {
  const strays = scene.proxy.strays()
  const violations = scene.upstream.journal
    .violations()
    .filter(({ _tag }) => !['NoBearer', 'ForeignContent'].includes(_tag))
  await scene.close()
  expect([strays, violations]).toEqual([[], []])
}

/** Of what no account here can read, that which the upstream saw; each row says how much that may be. */
const foreignIn = ({ upstream }: Scene): number =>
  upstream.journal.violations().filter(({ _tag }) => _tag === 'ForeignContent').length

/** What the lane's door saw, as soon as the disk has what is expected of it. */
const seenOf = async (
  scene: Scene,
  row: Row,
  seen: Pick<Played, 'answer' | 'said' | 'looksWhole'>,
  people: Awaited<ReturnType<typeof setUp>>,
): Promise<Played> => {
  const states = async () => asExpected(await statesOf(scene, people), row.after)
  await until(async () => JSON.stringify(await states()) === JSON.stringify(row.after))
  const answer = asExpectedAnswer(seen.answer, row.answer)
  const tried = triedBy(scene, people).map((count, index) =>
    // A kept connection that turns out closed is replaced once, and nobody counts that as a try.
    row.does[index]?._tag === 'Reset' && row.tried[index] === 1 && count === 2 ? 1 : count,
  )
  return { ...seen, answer, row, tried, after: await states() }
}

const testRows = (
  chosen: ReadonlyArray<Row>,
  lanesMax: number,
  open: () => Promise<Lane<Played>>,
): void => {
  let played: ReadonlyMap<Row, Played> = new Map()
  beforeAll(async () => {
    played = await playAll(chosen, lanesMax, open)
  })
  it.each(chosen)('$name', (row) => {
    const seen = played.get(row) ?? never()
    const { after, answer, tried } = seen
    expect({ after, answer, tried }).toEqual(expectedOf(row, seen))
  })
  testLaws(() => [...played.values()])
}

describe('the official CLI', () => {
  /** Where it asks again by itself before it has seen anything, attempts tell nothing of ours. */
  const isPlain = ({ answer, way }: Row): boolean =>
    ['NoModel', 'Limited', 'SignInNeeded'].includes(answer._tag) ||
    (answer._tag === 'Served' && !isOthers(way) && !isWaited(way)) ||
    (answer._tag === 'PassedOn' && answer.status !== 403)
  /** A turn of several requests, and what the CLI would bring from an earlier one. */
  const isOthers = ({ brings, name }: Way): boolean =>
    name === 'a tool call' || brings !== undefined
  /** The CLI waits as long as the words say, here for a minute and a half. */
  const isWaited = ({ name, place }: Way): boolean =>
    place === 'after output' && /says when to try again/.test(name)

  const open = async (): Promise<Lane<Played>> => {
    const scene = await openScene()
    return {
      play: async (row) => {
        const people = await signedIn(scene, row)
        const before = foreignIn(scene)
        const { code, stdout } = await execJson(scene)
        const foreign = foreignIn(scene) - before
        expect([row.name, foreign]).toEqual([row.name, foreignByCli(row)])
        const turn = turnOf(stdout)
        const answer = toTheMinute(answerOf(turn, row, lastOf(scene, people)), row.answer)
        const seen = { answer, said: turn.messages.join(''), looksWhole: code === 0 }
        const played = await seenOf(scene, row, seen, people)
        const asked = played.tried.reduce<number>((sum, count) => sum + Number(count), 0)
        // Nobody but the CLI asks again for an answer of which something was shown; the last time it
        // may hear that nobody is left.
        const answered = answer._tag === 'Limited' ? turn.retries : 1 + turn.retries
        if (row.way.place === 'after output')
          expect([row.name, asked - foreign]).toEqual([row.name, answered])
        return played
      },
      close: () => closed(scene),
    }
  }

  testRows(some(isPlain).map(asMetByCli), 2, open)
})

const execJson = (scene: Scene): Promise<Ran> =>
  runProduct(
    { ...scene, environment: { ...environment, TZ: 'UTC' } },
    ...['codex', 'exec', '--json', '--skip-git-repo-check', 'Say hello.'],
  )

/** The row's people, the first of whom the CLI is signed in as. */
const signedIn = async (scene: Scene, row: Row): ReturnType<typeof setUp> => {
  const people = await setUp(scene, row)
  const [first] = people
  if (first !== undefined) await scene.home.writeLogin(scene.upstream.signIn(first), first)
  return people
}

describe('the official CLI, where the backend fails for every account', () => {
  const names = [
    '500; alone',
    'reset; all',
    '503 with retry-after; others limited',
    'a page in place of a stream; others broken',
    'cut, before output; alone',
    'failed with server_error, before the first event; others limited',
    'failed with server_is_overloaded, before output; all',
    '429 usage limit; others broken',
  ]
  const failing = rows.filter(({ name }) => names.includes(name))

  it('has a row for each of them', () => {
    expect(failing.map(({ name }) => name).sort()).toEqual([...names].sort())
    expect(new Set(failing.map(({ answer }) => answer._tag))).toEqual(new Set(['BackendFails']))
  })

  /** What the decision log of the scene says of requests that came to nothing. */
  const gaveUpIn = async ({ home }: Scene): Promise<ReadonlyArray<string>> => {
    const path = join(home.path, 'multi-auth', 'logs', 'decisions.jsonl')
    const log = await readFile(path, 'utf8').catch(() => '')
    return log
      .split('\n')
      .flatMap((line) => /"event":"gave-up".*"because":"(\w+)"/.exec(line)?.[1] ?? [])
  }

  interface Recovered {
    readonly because: ReadonlyArray<string>
    readonly tried: ReadonlyArray<number>
    readonly after: ReadonlyArray<State>
    readonly messages: ReadonlyArray<string>
  }

  const open = async (): Promise<Lane<Recovered>> => {
    const scene = await openScene()
    return {
      play: async (row) => {
        const people = await signedIn(scene, row)
        const before = (await gaveUpIn(scene)).length
        const running = execJson(scene)
        const hasGivenUp = async () => (await gaveUpIn(scene)).length > before
        // Each looks for 5 s; a backend that fails is waited for some seconds.
        expect(
          (await until(hasGivenUp)) || (await until(hasGivenUp)) || (await until(hasGivenUp)),
        ).toBe(true)
        const tried = triedBy(scene, people)
        for (const { key } of people) scene.upstream.always(key, Behaviour.ok)
        const { code, stdout } = await running
        expect(code).toBe(0)
        return {
          tried,
          because: (await gaveUpIn(scene)).slice(before, before + 1),
          after: asExpected(await statesOf(scene, people), row.after),
          messages: turnOf(stdout).messages,
        }
      },
      close: () => closed(scene),
    }
  }

  let played: ReadonlyMap<Row, Recovered> = new Map()
  beforeAll(async () => {
    played = await playAll(failing, 2, open)
  })

  it.each(failing)('$name: it asks again, and is served once the backend is back', (row) => {
    const { after, because, messages, tried } = played.get(row) ?? never()
    expect(because).toEqual(['BackendFails'])
    const seen = { answer: row.answer, after, tried }
    expect(seen).toEqual(expectedOf(row, seen))
    expect(messages).toHaveLength(1)
    expect(row.does.map((_, index) => wordsOf(index))).toContain(messages[0])
  })
})

const never = (): never => {
  throw new Error('not played')
}

describe('what passes by itself', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = await openScene()
    await scene.signInAll()
  })
  afterEach(() => closed(scene))

  const exec = (): Promise<Ran> =>
    runProduct(scene, 'codex', 'exec', '--skip-git-repo-check', 'Say hello.')

  it('a Retry-After of a second on every account, is waited out, and that is said', async () => {
    for (const { key } of [scene.ada, scene.grace, scene.barbara])
      scene.upstream.script(key, [Behaviour.rateLimited(second)])
    const ran = await exec()
    expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
    expect(scene.attempts()).toEqual([2, 1, 1])
    expect(ran.stderr).toMatch(/^codex-multi-auth: .*\bwait/m)
  })

  it.each([
    { name: 'breaks', does: Behaviour.cut('after-output') },
    { name: 'ends too soon', does: Behaviour.stops('after-output') },
    { name: 'fails', does: Behaviour.failed('server_error', 'after-output') },
  ])(
    'an answer that $name once it has begun, is said once: the CLI asks again',
    async ({ does }) => {
      scene.upstream.script(scene.ada.key, [does])
      const { code, stdout } = await execJson(scene)
      const { messages, retries } = turnOf(stdout)
      expect([messages, retries, code]).toEqual([['Hello from the model.'], 1, 0])
      expect(scene.attempts()).toEqual([2, 0, 0])
    },
  )

  it('an outage of 700 ms, is survived and burns no account', async () => {
    let end = Infinity
    scene.upstream.always(everyone, () => {
      end = Math.min(end, Date.now() + 700)
      return Date.now() < end ? Behaviour.reset : Behaviour.ok
    })
    const ran = await exec()
    expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
    const people = [scene.ada, scene.grace, scene.barbara]
    // Only whom another account has outlived is left alone, for some seconds.
    const held = (await statesOf(scene, people)).filter((state) => state !== undefined)
    expect(held.every((state) => state !== 'lost' && state.by === 'provider')).toBe(true)
    expect(held.length).toBeLessThan(people.length)
  })
})

describe('a plain client', () => {
  /** In the place of the official CLI: says where the proxy listens, and stays until it is let go. */
  const standIn = `#!/bin/sh\nprintf '%s\\n' "$@"\nexec cat\n`

  const hear = async (base: string, token: string, way: Way): Promise<Heard> => {
    const { body, headers } = bringing(way, modelBody)
    const answer = await fetch(`${base}/responses`, {
      method: 'POST',
      headers: [
        ['content-type', 'application/json'],
        ['authorization', `Bearer ${token}`],
        ...headers.map(([name, value]): [string, string] => [name, value]),
      ],
      body: JSON.stringify(body),
    })
    let text = ''
    try {
      const decoder = new TextDecoder()
      for await (const piece of answer.body ?? []) text += decoder.decode(piece, { stream: true })
      return { status: answer.status, text, isCut: false }
    } catch {
      return { status: answer.status, text, isCut: true }
    }
  }

  const open = async (): Promise<Lane<Played>> => {
    const scene = await openScene()
    const { ada, home, upstream } = scene
    const tokens = upstream.signIn(ada)
    await writePool(home, [{ account: ada, tokens }])
    await home.writeLogin(tokens, ada)
    const path = join(home.path, 'codex')
    await writeFile(path, standIn)
    await chmod(path, 0o700)
    const child = spawn(process.execPath, [program, 'codex', 'exec', 'wait'], {
      cwd: home.workspace,
      env: productEnvironment({
        ...scene,
        environment: { ...environment, CODEX_MULTI_AUTH_REAL_CODEX_BIN: path },
      }),
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    const base = await new Promise<string>((resolve) => {
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        const [, found] = /openai_base_url="([^"]+)"/.exec(said) ?? []
        if (found !== undefined) resolve(found)
      })
    })
    return {
      play: async (row) => {
        const people = await setUp(scene, row)
        const before = foreignIn(scene)
        const heard = await hear(base, tokens.accessToken, row.way)
        expect([row.name, foreignIn(scene) - before]).toEqual([row.name, foreignSeen(row.way)])
        const answer = answerIn(heard, lastOf(scene, people))
        const said = { answer, said: visibleIn(heard), looksWhole: looksWhole(heard) }
        return seenOf(scene, row, said, people)
      },
      close: async () => {
        child.stdin.end()
        await ended
        await closed(scene)
      },
    }
  }

  testRows(
    some(() => true),
    4,
    open,
  )
})
