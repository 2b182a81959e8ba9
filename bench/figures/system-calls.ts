/**
 * System calls that a request costs the proxy, counted by strace where that is on PATH. Those by which
 * threads wait for each other and memory is managed are left out: how often a thread of the pool, or of
 * the garbage collector, falls asleep between two pieces of work is chance, and differs by a factor of
 * four between loads that are the same.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bound, Measure, Row } from '../figure'
import { second } from '../../core/time'
import { isOnPath } from '../../test/support/tools'
import type { Proxy } from '../loopback/proxy'
import type { Pace } from '../loopback/answers'
import { onStage, type Stage } from '../loopback/stage'
import { median } from '../statistics'

const load = {
  streams: 8,
  rounds: 50,
  isTogether: false,
  promptBytes: 12_000,
} as const

const atOnce: Pace = { _tag: 'AtOnce' }
/** A load of these takes its time, whatever a request costs: what goes by time is in each the same. */
const evenly: Pace = { _tag: 'Paced', events: 2, everyMs: 25 }

/** The client's own warm-up is work for the proxy too. */
const requestsServed = load.streams * (load.rounds + 1)

const ofTheRuntime: ReadonlyArray<string> = [
  ...['futex', 'brk', 'mmap', 'mremap', 'munmap', 'mprotect', 'madvise'],
]

/** A line of the summary: share, seconds, each, calls, where there were any errors, and the name. */
const line = /^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$/gm

const countIn = (summary: string): number => {
  const lines = [...summary.matchAll(line)]
  if (lines.length === 0) throw new Error(`strace has counted nothing:\n${summary}`)
  return lines
    .filter(([, , name = '']) => name !== 'total' && !ofTheRuntime.includes(name))
    .reduce((sum, [, calls]) => sum + Number(calls), 0)
}

/** Of a process with all its threads, from the moment it is traced until the load is over. */
const during = async (pid: number, work: () => Promise<unknown>): Promise<number> => {
  const file = join(tmpdir(), `system-calls-${pid}`)
  const tracer = spawn('strace', ['-f', '-c', '-o', file, '-p', `${pid}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(tracer, 'exit')
  // It says so when it has attached.
  await Promise.race([once(tracer.stderr, 'data'), ended])
  await work()
  tracer.kill('SIGINT')
  await ended
  const summary = await readFile(file, 'utf8')
  await rm(file)
  return countIn(summary)
}

/** What goes by time, as what is seen of the accounts is written, falls into one more than into another. */
const tracings = 3

/** In it what was written for the bench grows old, and a proxy looks less closely at it. */
const warmUp = 3 * second

const perRequest = async (stage: Stage, on: Proxy, pace: Pace): Promise<number> => {
  const warmAt = performance.now() + warmUp
  while (performance.now() < warmAt) await stage.load(on, { ...load, pace })
  const counts: Array<number> = []
  while (counts.length < tracings)
    counts.push(await during(on.pid, () => stage.load(on, { ...load, pace })))
  return median(counts) / requestsServed
}

const few = 8
const many = 300

export const systemCalls: Measure = async () => {
  if (!isOnPath('strace')) {
    console.log('system calls are not counted: strace is not on PATH')
    return []
  }
  const [pipe, ours, before, later] = await onStage(async (stage) => {
    const on = await stage.ours()
    const first = await perRequest(stage, on, atOnce)
    const even = await perRequest(stage, on, evenly)
    for (let loads = 0; loads < 5; loads += 1) await stage.load(on, { ...load, pace: atOnce })
    const again = await perRequest(stage, on, evenly)
    return [await perRequest(stage, await stage.pipe(), atOnce), first, even, again]
  }, few)
  const crowded = await onStage(
    async (stage) => perRequest(stage, await stage.ours(), evenly),
    many,
  )
  const row = (figure: string, calls: number, reference: number, bound?: Bound): Row => ({
    ...{ figure: `system calls of a request ${figure}`, ours: calls.toFixed(1) },
    ...{ reference: reference.toFixed(1), ratio: calls / reference },
    ...(bound === undefined ? {} : { bound }),
  })
  return [
    row('/ pipe', ours, pipe),
    row(`of ${many} accounts / ${few}`, crowded, before, { most: 1.1 }),
    row(`after ${5 * requestsServed} more / before`, later, before, { most: 1.1 }),
  ]
}
