/** System calls that a request costs the proxy, counted by strace where that is on PATH. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Measure } from '../figure'
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
  // Share, seconds, each, calls, and where there were any, errors.
  return Number(/^\s*100\.00\s+\S+\s+(?:\S+\s+)?(\d+)(?:\s+\d+)?\s+total$/m.exec(summary)?.[1])
}

const perRequest = async (stage: Stage, on: Proxy): Promise<number> => {
  await stage.load(on, load)
  return (await during(on.pid, () => stage.load(on, load))) / requestsServed
}

export const systemCalls: Measure = () =>
  onStage(async (stage) => {
    if (!isOnPath('strace')) return []
    const ours = await perRequest(stage, await stage.ours())
    const pipe = await perRequest(stage, await stage.pipe())
    return [
      {
        figure: 'system calls of a request / pipe',
        ours: ours.toFixed(1),
        reference: pipe.toFixed(1),
        ratio: ours / pipe,
      },
    ]
  })
