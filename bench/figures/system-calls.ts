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
import { onStage, type Stage } from '../loopback/stage'

const load = {
  streams: 8,
  rounds: 50,
  isTogether: false,
  promptBytes: 12_000,
  pace: { _tag: 'AtOnce' },
} as const

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

/** In it what was written for the bench grows old, and a proxy looks less closely at it. */
const warmUp = 3 * second

const perRequest = async (stage: Stage, on: Proxy): Promise<number> => {
  const warmAt = performance.now() + warmUp
  while (performance.now() < warmAt) await stage.load(on, load)
  return (await during(on.pid, () => stage.load(on, load))) / requestsServed
}

const few = 8
const many = 300

export const systemCalls: Measure = async () => {
  if (!isOnPath('strace')) {
    console.log('system calls are not counted: strace is not on PATH')
    return []
  }
  const [pipe, ours, later] = await onStage(async (stage) => {
    const on = await stage.ours()
    const first = await perRequest(stage, on)
    for (let loads = 0; loads < 5; loads += 1) await stage.load(on, load)
    return [await perRequest(stage, await stage.pipe()), first, await perRequest(stage, on)]
  }, few)
  const crowded = await onStage(async (stage) => perRequest(stage, await stage.ours()), many)
  const row = (figure: string, calls: number, reference: number, bound?: Bound): Row => ({
    ...{ figure: `system calls of a request ${figure}`, ours: calls.toFixed(1) },
    ...{ reference: reference.toFixed(1), ratio: calls / reference },
    ...(bound === undefined ? {} : { bound }),
  })
  return [
    row('/ pipe', ours, pipe),
    row(`of ${many} accounts / ${few}`, crowded, ours, { most: 1.1 }),
    row(`after ${5 * requestsServed} more / before`, later, ours, { most: 1.1 }),
  ]
}
