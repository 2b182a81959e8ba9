/**
 * The account commands in a simulated world: a disk, a network with the upstream on it, a terminal,
 * and a person with a browser. One seed, one run.
 */
import { memoryBrowser } from '../../adapters/memory/browser'
import { memoryClock } from '../../adapters/memory/clock'
import { memoryDisk, type Disk } from '../../adapters/memory/disk'
import { memoryFileSystem } from '../../adapters/memory/file-system'
import { memoryHash } from '../../adapters/memory/hash'
import { memoryHttp } from '../../adapters/memory/http'
import { memoryHttpServer } from '../../adapters/memory/http-server'
import { memoryLock } from '../../adapters/memory/lock'
import { memoryNetwork, type Network } from '../../adapters/memory/network'
import { memoryProcessTable } from '../../adapters/memory/process-table'
import { memoryPrompter, type MemoryPrompter } from '../../adapters/memory/prompter'
import { memoryProcess, type Programs } from '../../adapters/memory/process'
import { memoryRandom } from '../../adapters/memory/random'
import { scheduler, type Disturb, type Scheduler } from '../../adapters/memory/scheduler'
import { memoryTerminal, type MemoryTerminal } from '../../adapters/memory/terminal'
import * as Headers from '../../core/request/headers'
import * as Layout from '../../core/storage/layout'
import { run } from '../../entrypoints/cli/run'
import type { Context } from '../../entrypoints/cli/command'
import { startUpstream, type Upstream } from '../../entrypoints/embed/testing/upstream'
import { readText } from '../../entrypoints/programs/body'
import { layoutIn } from '../../entrypoints/programs/project'
import type { Millis } from '../../core/time'
import * as O from 'fp-ts/Option'
import { errAsync } from 'neverthrow'
import type { RunningProgram } from '../../ports/process-table'
import { misfits } from './published'

/** The demo has a world of its own. */
const playDemo: Context['playDemo'] = () =>
  errAsync({ _tag: 'DemoFailed', because: 'there is no demo in this world' })

export const home = '/home/ada'
export const layout = Layout.of({ home, codexHome: undefined, ownRoot: undefined })

/** A Sunday afternoon, late enough for every time in the fixtures. */
export const noon = Date.UTC(2026, 10, 22, 12)

export interface Page {
  readonly url: string
  readonly status: number
  readonly text: string
}

export interface Ran {
  readonly code: number
  readonly answer: string
  readonly talk: string
  /** What the person's browser got to see, redirects included. */
  readonly pages: ReadonlyArray<Page>
}

/** Handles of one run for a person who does more than sign in. */
export interface Person {
  readonly visit: (url: string) => Promise<Page>
  readonly terminal: MemoryTerminal
  readonly wait: (span: Millis) => Promise<void>
}

export interface CliWorld {
  readonly time: Scheduler
  readonly disk: Disk
  readonly network: Network
  readonly upstream: Upstream
  /** Asks the questions of every run. */
  readonly prompter: MemoryPrompter
  /**
   * Runs the program; `person` is called with the address the browser is handed, `meanwhile` as the
   * program starts.
   */
  readonly run: (
    words: ReadonlyArray<string>,
    person?: ((url: string, person: Person) => void) | 'no browser',
    meanwhile?: (person: Person) => void,
  ) => Promise<Ran>
  /** Runs it in a folder, as the usual person. */
  readonly runIn: (folder: string, words: ReadonlyArray<string>) => Promise<Ran>
  /** Runs several at once. */
  readonly together: (all: ReadonlyArray<ReadonlyArray<string>>) => Promise<ReadonlyArray<Ran>>
  readonly text: (path: string) => string | undefined
}

interface Terms {
  readonly seed?: number
  readonly files?: Readonly<Record<string, string | null>>
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly disturb?: Disturb
  readonly columns?: number
  readonly isInteractive?: boolean
  /** What else runs on the machine. */
  readonly running?: ReadonlyArray<RunningProgram>
  /** On PATH; none, when left out. */
  readonly programs?: Programs
}

/** The code of a run that death interrupted. */
export const killed = -1

const version = '1.2.3'
const limits = { connectMax: 1_000, firstByteMax: 60_000, stallMax: 60_000 }

export const cliWorld = async (terms: Terms = {}): Promise<CliWorld> => {
  const time = scheduler(terms.seed ?? 7, {
    startsAt: noon,
    ...(terms.disturb === undefined ? {} : { disturb: terms.disturb }),
  })
  const network = memoryNetwork(time)
  const disk = memoryDisk({ [home]: null, ...terms.files })
  const remote = time.process('upstream')
  const started = await startUpstream({
    httpServer: memoryHttpServer(remote, network),
    clock: memoryClock(remote),
    random: memoryRandom(remote),
    hash: memoryHash(),
  })
  const upstream = started._unsafeUnwrap()
  const isInteractive = terms.isInteractive ?? false
  const environment = { CODEX_MULTI_AUTH_ISSUER: upstream.issuer, ...terms.environment }

  const prompter = memoryPrompter(time.process('person'))
  const start = async (
    words: ReadonlyArray<string>,
    person: Parameters<CliWorld['run']>[1] = comesBack,
    meanwhile: Parameters<CliWorld['run']>[2] = () => undefined,
    folder = home,
  ): Promise<Ran> => {
    const process = time.process('cli')
    const terminal = memoryTerminal(process, {
      columns: terms.columns ?? 80,
      isInteractive: { input: isInteractive, output: isInteractive, talk: isInteractive },
    })
    const browserProcess = time.process('browser')
    const pages: Array<Page> = []
    const visits: Array<Promise<Page>> = []
    const visit = (url: string): Promise<Page> => {
      const visiting = follow(url)
      visits.push(visiting)
      return visiting
    }
    const follow = async (url: string): Promise<Page> => {
      const sent = await memoryHttp(browserProcess, network).send({
        ...{ method: 'GET', url, headers: [], body: [], limits },
      })
      // Where nobody listens a browser shows a page of its own.
      if (sent.isErr() && sent.error._tag === 'Unreachable') return { url, status: 0, text: '' }
      const { status, headers, body } = sent._unsafeUnwrap()
      const page = { url, status, text: (await readText(body, 100_000))._unsafeUnwrap() }
      pages.push(page)
      const location = Headers.get('location')(headers)
      return O.isSome(location) ? follow(location.value) : page
    }
    const wait = (span: Millis) => memoryClock(browserProcess).sleep(span).unwrapOr(undefined)
    const handles: Person = { visit, terminal, wait }
    const handed = person === 'no browser' ? undefined : (url: string) => person(url, handles)
    const ports = {
      files: memoryFileSystem(process, disk),
      lock: memoryLock(process, disk),
      clock: memoryClock(process),
      random: memoryRandom(process),
      hash: memoryHash(),
      http: memoryHttp(process, network),
      server: memoryHttpServer(process, network),
      browser: memoryBrowser(process, handed),
      process: memoryProcess(process, terms.programs),
      terminal,
    }
    const contextIn = (layoutInUse: Layout.Layout): Context => ({
      ports,
      signInPorts: async () => ports,
      process: async () => ports.process,
      processTable: async () => memoryProcessTable(() => terms.running ?? []),
      prompter: async () => prompter,
      frontPorts: async () => ports,
      playDemo,
      layout: layoutInUse,
      folder,
      around: {
        ...{ platform: 'linux', architecture: 'x64', environment, home },
        ownFolder: '/usr/lib/node_modules/codex-multi-auth/dist',
        node: '/usr/bin/node',
      },
      environment,
    })
    meanwhile(handles)
    const ended = await process.live(() =>
      layoutIn(ports, layout, { home, environment })(folder).andThen((inUse) =>
        run(contextIn(inUse), version)(words),
      ),
    )
    await Promise.allSettled(visits)
    return {
      code: O.isSome(ended) ? ended.value._unsafeUnwrap() : killed,
      answer: terminal.answer(),
      talk: terminal.talk(),
      pages,
    }
  }
  return {
    ...{ time, disk, network, upstream, prompter },
    run: (words, person, meanwhile) => time.run(() => start(words, person, meanwhile)),
    runIn: (folder, words) => time.run(() => start(words, undefined, undefined, folder)),
    together: (all) => time.run(() => Promise.all(all.map((words) => start(words)))),
    text: (path) => disk.snapshot()[path] ?? undefined,
  }
}

/** The usual person: opens the address and follows it wherever it leads. */
const comesBack = (url: string, { visit }: Person): void => {
  void visit(url)
}

/** The JSON document of a run, and the proof that it is as published and alone on standard output. */
export const documentOf = ({ answer }: Ran): any => {
  expect(answer.trimEnd().split('\n')).toHaveLength(1)
  const document: unknown = JSON.parse(answer)
  expect(misfits(document)).toEqual([])
  return document
}
