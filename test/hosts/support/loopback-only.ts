/**
 * A network that has nothing but loopback, for a program that a test runs: whichever way a request
 * takes to the outside, by a proxy or past it, there is no outside, and it is known who was asked for.
 */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import type { Told } from '../../support/loopback-child'
import { tool } from '../../support/tools'
import type { Run, Ran } from './run-program'
import { runProgram } from './run-program'

/** With every address at its loopback: a route to the outside that leads to whoever listens here. */
const openNetwork = [
  'ip link set lo up',
  'ip route add local 0.0.0.0/0 dev lo',
  '{ ip -6 route add local ::/0 dev lo 2>/dev/null || true; }',
  'exec "$@"',
].join(' && ')

const inNetwork = (program: string, given: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...['-rn', 'sh', '-c', openNetwork, 'sh', program, ...given],
]

/** Many a container lets nobody make one, whatever is installed in it. */
const isAllowed = (): boolean => spawnSync('unshare', [...inNetwork('true', [])]).status === 0

/** `it` where such a network can be made; elsewhere the test is skipped, and counted as skipped. */
export const itOnLoopback = (): jest.It => {
  const given = tool('unshare', 'ip')
  return given === it && !isAllowed() ? it.skip : given
}

export interface LoopbackOnly {
  /** Runs it in there, and asks for nothing else from outside than standard input and output. */
  readonly run: (run: Run) => Promise<Ran>
  /** Names and addresses outside that were asked for in the last run. */
  readonly asked: () => Promise<unknown>
  readonly close: () => Promise<void>
}

const source = join(__dirname, '..', '..', 'support', 'loopback-child.ts')

/** These ports of loopback are there in it too. */
export const openLoopbackOnly = async (ports: ReadonlyArray<number>): Promise<LoopbackOnly> => {
  // A socket's path has a hundred bytes, which a home lies too deep for.
  const folder = await mkdtemp(join(tmpdir(), 'loopback-'))
  const child = join(folder, 'child.cjs')
  buildSync({ entryPoints: [source], outfile: child, bundle: true, platform: 'node' })
  const sockets = new Set<Socket>()
  const servers: Array<Server> = []
  for (const port of ports) {
    const server = createServer((near) => {
      const far = connect(port, '127.0.0.1')
      for (const socket of [near, far]) {
        sockets.add(socket)
        socket.on('error', () => [near, far].forEach((one) => one.destroy()))
      }
      near.pipe(far).pipe(near)
    })
    servers.push(server)
    await once(server.listen(join(folder, String(port))), 'listening')
  }
  const told = join(folder, 'asked.json')
  return {
    run: ({ program, arguments: given, ...rest }) => {
      const spec: Told = { folder, ports, told, program, arguments: given }
      const line = inNetwork(process.execPath, [child, JSON.stringify(spec)])
      return runProgram({ ...rest, program: 'unshare', arguments: line })
    },
    asked: async () => JSON.parse(await readFile(told, 'utf8')),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      for (const server of servers) server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
