/** Signals, streams and the end of it: the real CLI behind the wrapper as the real CLI alone. */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { tool } from '../support/tools'
import { until } from '../support/until'
import { officialBinary, overridesFor } from './support/official'
import { processesOf } from './support/processes'
import { productEnvironment, program } from './support/product'
import { openScene, type Scene } from './support/scene'

let scene: Scene

beforeEach(async () => {
  scene = await openScene()
  await scene.signInAll()
})

afterEach(async () => {
  const isGone = await until(async () => (await processesOf(scene.home)).length === 0)
  const rest = await processesOf(scene.home)
  for (const { pid } of rest) process.kill(Number(pid), 'SIGKILL')
  const strays = scene.proxy.strays()
  await scene.close()
  expect({ isGone, rest, strays }).toEqual({ isGone: true, rest: [], strays: [] })
})

type Who = 'alone' | 'wrapped'

const timeMax = 40_000

/** How either is started. */
const words = (who: Who): readonly [string, ...ReadonlyArray<string>] =>
  who === 'alone'
    ? [officialBinary(), ...overridesFor(scene.upstream)]
    : [process.execPath, program, 'codex']

const begin = (
  line: readonly [string, ...ReadonlyArray<string>],
  stdio: StdioOptions,
  environment: Readonly<Record<string, string>> = {},
): ChildProcess => {
  const [first, ...rest] = line
  const child = spawn(first, rest, {
    cwd: scene.home.workspace,
    env: productEnvironment({ ...scene, environment }),
    stdio,
    timeout: timeMax,
    killSignal: 'SIGKILL',
  })
  child.stdin?.on('error', () => undefined)
  return child
}

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

const whole = async (child: ChildProcess): Promise<Ended> => {
  const caught = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (caught.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (caught.stderr += text))
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, ...caught }
}

const exec = ['exec', '--skip-git-repo-check', 'Say hello.'] as const

/** A program in the place of the official CLI, where that has no such end. */
const inItsPlace = async (script: string): Promise<Readonly<Record<string, string>>> => {
  const path = join(scene.home.path, 'codex')
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o700)
  return { CODEX_MULTI_AUTH_REAL_CODEX_BIN: path }
}

const asked = async (): Promise<void> => {
  const isAsked = async () => scene.attempts().some((count) => count > 0)
  expect(await until(isAsked)).toBe(true)
}

const everywhere = (behaviour: Behaviour.Behaviour): void => {
  for (const { key } of [scene.ada, scene.grace, scene.barbara])
    scene.upstream.always(key, behaviour)
}

describe('the end', () => {
  it.each([
    ...[0, 1, 3, 42, 101, 130, 255].map((code) => ({ given: exec, code })),
    ...[0, 2, 255].map((code) => ({ given: ['--version'], code })),
  ])('$given: exit $code is ours', async ({ given, code }) => {
    const environment = await inItsPlace(`exit ${code}`)
    const ended = await whole(begin([...words('wrapped'), ...given], 'pipe', environment))
    expect(ended).toEqual({ code, signal: null, stdout: '', stderr: '' })
  })

  it.each([
    ...(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGABRT', 'SIGSEGV'] as const),
    ...(['SIGPIPE', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const),
  ])('its death by %s is ours', async (signal) => {
    const environment = await inItsPlace(`ulimit -c 0; kill -${signal.slice(3)} $$`)
    const ended = await whole(begin([...words('wrapped'), ...exec], 'pipe', environment))
    expect(ended).toEqual({ code: null, signal, stdout: '', stderr: '' })
  })
})

describe('a signal', () => {
  it.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])(
    '%s in the middle of a turn ends it as alone',
    async (signal) => {
      everywhere(Behaviour.silence)
      const endBy = async (who: Who): Promise<Ended> => {
        const before = scene.upstream.journal.requestsOf().length
        const child = begin([...words(who), ...exec], ['ignore', 'pipe', 'pipe'])
        const ended = whole(child)
        const isAsked = async () => scene.upstream.journal.requestsOf().length > before
        expect(await until(isAsked)).toBe(true)
        child.kill(signal)
        return ended
      }
      const [alone, wrapped] = [await endBy('alone'), await endBy('wrapped')]
      expect([wrapped.code, wrapped.signal, wrapped.stdout]).toEqual([
        ...[alone.code, alone.signal, alone.stdout],
      ])
      expect(wrapped.stderr.includes('turn interrupted')).toBe(
        alone.stderr.includes('turn interrupted'),
      )
    },
  )

  it.each(['INT', 'TERM', 'HUP', 'QUIT'])('SIG%s reaches it once, and it decides', async (name) => {
    const environment = await inItsPlace(
      `trap 'echo ${name}' ${name}; echo ready; while ! read -r line; do :; done; exit 7`,
    )
    const child = begin([...words('wrapped'), ...exec], 'pipe', environment)
    let said = ''
    child.stdout?.on('data', (text: Buffer) => (said += String(text)))
    const ended = whole(child)
    expect(await until(async () => said.includes('ready'))).toBe(true)
    child.kill(`SIG${name}` as NodeJS.Signals)
    expect(await until(async () => said.includes(name))).toBe(true)
    child.stdin?.end('go on\n')
    expect(await ended).toEqual({ code: 7, signal: null, stdout: `ready\n${name}\n`, stderr: '' })
  })

  // In a group whose parent is in another of the session: the system stops no other by this signal.
  tool('perl')('SIGTSTP stops it and us, SIGCONT lets both go on', async () => {
    everywhere(Behaviour.slow(5_000, Behaviour.says('Hello again.')))
    const parent =
      '$| = 1; $p = fork; if (!$p) { setpgrp(0, 0); exec @ARGV } print "$p\\n"; waitpid($p, 0); exit $? >> 8'
    const shell = ['perl', '-e', parent] as const
    const child = begin([...shell, ...words('wrapped'), ...exec], ['ignore', 'pipe', 'pipe'])
    const ended = whole(child)
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [string]
    const wrapper = Number(line)
    await asked()
    const both = async (): Promise<ReadonlyArray<string>> =>
      Promise.all([wrapper, ...(await childrenOf(wrapper))].map(stateOf))
    const areStopped = async (): Promise<boolean> => (await both()).join() === 'T,T'
    process.kill(wrapper, 'SIGTSTP')
    expect([await until(areStopped), await both()]).toEqual([true, ['T', 'T']])
    process.kill(wrapper, 'SIGCONT')
    const goOn = async (): Promise<boolean> => !(await both()).includes('T')
    expect([await until(goOn), (await both()).length]).toEqual([true, 2])
    process.kill(wrapper, 'SIGTSTP')
    expect([await until(areStopped), await both()]).toEqual([true, ['T', 'T']])
    process.kill(wrapper, 'SIGCONT')
    expect(await ended).toMatchObject({ code: 0, stdout: `${wrapper}\nHello again.\n` })
  })
})

describe('standard input', () => {
  const both = async (
    make: (who: Who) => readonly [string, ...ReadonlyArray<string>],
    feed: (child: ChildProcess) => void,
  ): Promise<readonly [Ended, Ended]> => {
    const run = (who: Who): Promise<Ended> => {
      const child = begin(make(who), 'pipe')
      const ended = whole(child)
      feed(child)
      return ended
    }
    return [await run('alone'), await run('wrapped')]
  }

  it('that is piped is the prompt', async () => {
    const [alone, wrapped] = await both(
      (who) => [...words(who), 'exec', '--skip-git-repo-check', '-'],
      (child) => child.stdin?.end('Say hello from the pipe.'),
    )
    expect([wrapped.code, wrapped.stdout]).toEqual([0, 'Hello from the model.\n'])
    expect([alone.code, alone.stdout]).toEqual([wrapped.code, wrapped.stdout])
    const asked = scene.upstream.journal.requestsOf().map(({ body }) => JSON.stringify(body))
    expect(asked.map((body) => body.includes('Say hello from the pipe.'))).toEqual([true, true])
  })

  it('that is closed is as closed for it', async () => {
    const [alone, wrapped] = await both(
      (who) => ['sh', '-c', 'exec "$@" <&-', 'sh', ...words(who), ...exec.slice(0, 2)],
      () => undefined,
    )
    expect([wrapped.code, wrapped.signal, wrapped.stdout]).toEqual([
      ...[alone.code, alone.signal, alone.stdout],
    ])
    expect(wrapped.code).toBe(1)
  })

  const large = 'x'.repeat(50 * 1024 * 1024)

  it('of 50 MB comes whole', async () => {
    const environment = await inItsPlace('exec wc -c')
    const child = begin([...words('wrapped'), ...exec], 'pipe', environment)
    child.stdin?.end(large)
    expect((await whole(child)).stdout.trim()).toBe(String(large.length))
  })

  it('of 50 MB as a prompt ends as alone', async () => {
    const [alone, wrapped] = await both(
      (who) => [...words(who), 'exec', '--skip-git-repo-check', '-'],
      (child) => child.stdin?.end(large),
    )
    expect([wrapped.code, wrapped.signal, wrapped.stdout]).toEqual([
      ...[alone.code, alone.signal, alone.stdout],
    ])
  })
})

describe('an output that nobody reads any more', () => {
  const unread = async (
    stream: 'stdout' | 'stderr',
    line: readonly [string, ...ReadonlyArray<string>],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Ended> => {
    const child = begin(line, ['ignore', 'pipe', 'pipe'], environment)
    child[stream]?.destroy()
    return whole(child)
  }

  it.each([
    { given: ['--help'], stream: 'stdout' as const },
    { given: exec, stream: 'stdout' as const },
    { given: exec, stream: 'stderr' as const },
    { given: ['exec', '--json', ...exec.slice(1)], stream: 'stdout' as const },
  ])('$stream of $given: ends as alone', async ({ given, stream }) => {
    const alone = await unread(stream, [...words('alone'), ...given])
    const wrapped = await unread(stream, [...words('wrapped'), ...given])
    expect([wrapped.code, wrapped.signal, wrapped.stdout]).toEqual([
      ...[alone.code, alone.signal, alone.stdout],
    ])
  })

  it('stderr: what we say is lost, and that is no fault', async () => {
    const environment = await inItsPlace('sleep 0.1; echo ran; exit 7')
    const line = [...words('wrapped'), 'exec', '--oss', 'Say hello.'] as const
    const said = await whole(begin(line, ['ignore', 'pipe', 'pipe'], environment))
    expect(said.stderr).toContain('is left alone')
    const lost = await unread('stderr', line, environment)
    expect([lost.code, lost.stdout]).toEqual([7, 'ran\n'])
  })
})

it('while it runs it is our only child, and writes as it would alone', async () => {
  everywhere(Behaviour.slow(2_000, Behaviour.says('Hello.')))
  const child = begin([...words('wrapped'), ...exec], ['ignore', 'pipe', 'pipe'])
  const ended = whole(child)
  await asked()
  const children = await childrenOf(child.pid ?? 0)
  expect(await Promise.all(children.map(stateOf))).toEqual([expect.not.stringMatching(/Z/)])
  const streams = await Promise.all([1, 2].map((stream) => isWaitedFor(children[0] ?? 0, stream)))
  expect(streams).toEqual([true, true])
  expect(await ended).toMatchObject({ code: 0, stdout: 'Hello.\n' })
})

const childrenOf = async (pid: number): Promise<ReadonlyArray<number>> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'))
    .split(' ')
    .filter((word) => word !== '')
    .map(Number)

/** `T` for stopped, `Z` for ended and not waited for. */
const stateOf = async (pid: number): Promise<string> =>
  /\) (.)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? ''

/** Whether who writes to a full stream waits, and is not turned away. */
const isWaitedFor = async (pid: number, stream: number): Promise<boolean> => {
  const facts = await readFile(`/proc/${pid}/fdinfo/${stream}`, 'utf8')
  const flags = parseInt(/^flags:\s*(\d+)$/m.exec(facts)?.[1] ?? '', 8)
  return (flags & 0o4000) === 0
}
