/** The failure matrix through the built wrapper: with the real CLI, and with a plain client. */
import { spawn } from 'node:child_process'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { modelBody } from '../support/model-request'
import { second } from '../../core/time'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../entrypoints/embed/testing/script'
import { until } from '../support/until'
import { expectedOf, testLaws, type Played } from '../support/failure-laws'
import { environment, rows, type Answer, type Means, type Row } from '../support/failure-matrix'
import { answerIn, looksWhole, visibleIn, type Heard } from '../support/seen-answer'
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
  const violations = scene.upstream.journal.violations().filter(({ _tag }) => _tag !== 'NoBearer')
  await scene.close()
  expect([strays, violations]).toEqual([[], []])
}

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
    const seen = played.get(row)
    if (seen === undefined) throw new Error('not played')
    const { after, answer, tried } = seen
    expect({ after, answer, tried }).toEqual(expectedOf(row, seen))
  })
  testLaws(() => [...played.values()])
}

describe('the official CLI', () => {
  /** Where it tries again by itself, attempts tell nothing of ours. */
  const isPlain = ({ answer, pool, way }: Row): boolean =>
    ['two healthy', 'one healthy of six', 'all'].includes(pool) &&
    (['NoModel', 'Limited', 'SignInNeeded'].includes(answer._tag) ||
      (answer._tag === 'Served' && answer.end === 'completed' && way.name !== 'a tool call') ||
      (answer._tag === 'PassedOn' && answer.status !== 403))

  const answerOf = ({ code, stderr, stdout }: Ran, { answer, way }: Row): Answer => {
    if (code === 0) return { _tag: 'Served', by: numberIn(stdout), end: 'completed' }
    if (/usage limit.*try again at/i.test(stderr))
      return { _tag: 'Limited', seconds: answer._tag === 'Limited' ? answer.seconds : 0 }
    if (stderr.includes('codex-multi-auth login')) return { _tag: 'SignInNeeded' }
    if (stderr.includes('Choose another model')) return { _tag: 'NoModel' }
    return shows(way.means, stderr) ? answer : { _tag: 'BackendFails', code: stderr }
  }
  const numberIn = (stdout: string): number => Number(/^said-by-(\d+)/.exec(stdout)?.[1])
  const shows = (means: Means, stderr: string): boolean =>
    means._tag === 'Request' && new RegExp(words[means.code] ?? means.code).test(stderr)
  const words: Readonly<Record<string, string>> = {
    context_length_exceeded: 'ran out of room',
    invalid_prompt: 'invalid_prompt',
  }

  const open = async (): Promise<Lane<Played>> => {
    const scene = await openScene()
    const { home, upstream } = scene
    return {
      play: async (row) => {
        const people = await setUp(scene, row)
        const [first] = people
        if (first !== undefined) await home.writeLogin(upstream.signIn(first), first)
        const ran = await runProduct(
          { ...scene, environment },
          ...['codex', 'exec', '--skip-git-repo-check', 'Say hello.'],
        )
        const answer = answerOf(ran, row)
        const seen = { answer, said: ran.stdout.trimEnd(), looksWhole: ran.code === 0 }
        return seenOf(scene, row, seen, people)
      },
      close: () => closed(scene),
    }
  }

  testRows(some(isPlain), 2, open)
})

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

  const hear = async (base: string, token: string): Promise<Heard> => {
    const answer = await fetch(`${base}/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(modelBody),
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
        const heard = await hear(base, tokens.accessToken)
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
