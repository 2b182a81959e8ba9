/** The ports of one process of a run: the memory adapters, watched where an invariant is about a call. */
import { memoryBrowser } from '../../adapters/memory/browser'
import { memoryClock } from '../../adapters/memory/clock'
import { memoryCompression } from '../../adapters/memory/compression'
import { memoryFileSystem } from '../../adapters/memory/file-system'
import { memoryHash } from '../../adapters/memory/hash'
import { memoryHttp } from '../../adapters/memory/http'
import { memoryHttpServer } from '../../adapters/memory/http-server'
import { memoryLock } from '../../adapters/memory/lock'
import { memoryProcess } from '../../adapters/memory/process'
import { memoryRandom } from '../../adapters/memory/random'
import type { SimulatedProcess } from '../../adapters/memory/scheduler'
import { memoryTerminal, type MemoryTerminal } from '../../adapters/memory/terminal'
import { memoryWatcher } from '../../adapters/memory/watcher'
import type { Ports } from '../../entrypoints/programs/ports'
import type { Body, Http } from '../../ports/http'
import type { Lock } from '../../ports/lock'
import * as Invariants from './invariants'
import { senderHeader } from './backend'
import { origin } from './issuer'
import { layout, type World } from './world'

export type SimulatedPorts = Ports & { readonly terminal: MemoryTerminal }

export const portsOf = (world: World, process: SimulatedProcess): SimulatedPorts => {
  const { disk, network, broken } = world
  const terminal = memoryTerminal(process)
  const ports: Ports = {
    files: memoryFileSystem(process, disk),
    lock: memoryLock(process, disk),
    clock: memoryClock(process),
    random: memoryRandom(process),
    hash: memoryHash(),
    http: memoryHttp(process, network),
    compression: memoryCompression(),
    server: memoryHttpServer(process, network),
    browser: memoryBrowser(process),
    process: memoryProcess(process),
    terminal,
    watcher: memoryWatcher(process, disk),
  }
  const given = broken.ports?.(ports, process, disk) ?? ports
  return {
    ...given,
    terminal,
    lock: watchedLock(world, process, given.lock),
    http: watchedHttp(world, process, given.http),
  }
}

const watchedLock = (world: World, process: SimulatedProcess, lock: Lock): Lock => ({
  holding: (path, terms, work) =>
    lock.holding(path, terms, (held) => {
      const entry = Invariants.enter(world, process, path)
      const leave = (): void => Invariants.leave(world, process, path)
      return work({
        since: held.since,
        confirm: (remaining) =>
          held
            .confirm(remaining)
            .map(() => Invariants.confirmed(world, process, path, entry))
            .mapErr((error) => {
              if (error._tag === 'LockLost') world.count('lock found lost')
              return error
            }),
      })
        .map((value) => {
          leave()
          return value
        })
        .mapErr((error) => {
          leave()
          return error
        })
    }),
})

const watchedHttp = (world: World, process: SimulatedProcess, http: Http): Http => ({
  send: (request) => {
    if (Invariants.isInside(world, process, layout.poolLock) && !hasSeveral(world, process))
      world.wrong(`${process.name} asks the network with the pool's lock in its hand`)
    const headers = [...request.headers, [senderHeader, process.name] as const]
    const broken = <E>(error: E): E => {
      const flight = world.flights.get(process.name)
      if (flight !== undefined) flight.breaks += 1
      return error
    }
    if (!request.url.startsWith(origin))
      return http
        .send({ ...request, headers })
        .map((answer) => ({ ...answer, body: losing(answer.body, broken) }))
        .mapErr(broken)
    const token = refreshTokenOf(request.body)
    const flight = world.flights.get(process.name)
    if (flight !== undefined) flight.asked += 1
    const lost = <E>(error: E): E => {
      const rotation = world.issuer.rotationOf(token)
      if (rotation?.spender === process.name) rotation.isLost = true
      return error
    }
    return http
      .send({ ...request, headers })
      .map((answer) => ({ ...answer, body: losing(answer.body, lost) }))
      .mapErr(lost)
  },
})

/** While one of them changes the pool another may ask. */
const hasSeveral = ({ flights }: World, { name }: SimulatedProcess): boolean => {
  const step = flights.get(name)?.step
  return step?._tag === 'Request' && step.count > 1
}

const losing = (body: Body, lost: <E>(error: E) => E): Body => ({
  cancel: () => body.cancel(),
  next: () => body.next().mapErr(lost),
})

const refreshTokenOf = (body: ReadonlyArray<Uint8Array>): string => {
  const text = body.map((piece) => new TextDecoder().decode(piece)).join('')
  if (!text.startsWith('{')) return ''
  const { refresh_token: token = '' } = JSON.parse(text) as { readonly refresh_token?: string }
  return token
}
