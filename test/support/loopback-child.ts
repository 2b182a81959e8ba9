/**
 * Runs a program in a network of its own, which this process is the first in. Its ports lead to the
 * test, by a socket file each; every other address is here as well, and whoever asks for one is
 * written down: names that are looked up, connections to where pages are served, by address, and how
 * often anything was sent to a port at which nobody listens.
 *
 * Ends as the program does, once what was asked is told in the file of that name.
 */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'

export interface Told {
  readonly folder: string
  readonly ports: ReadonlyArray<number>
  readonly told: string
  readonly program: string
  readonly arguments: ReadonlyArray<string>
}

const [spec = '{}'] = process.argv.slice(2)
const { arguments: given, folder, ports, program, told }: Told = JSON.parse(spec)

const asked: Array<string> = []

const joined = (near: Socket, far: Socket): void => {
  near.on('error', () => far.destroy())
  far.on('error', () => near.destroy())
  near.pipe(far).pipe(near)
}

const listen = async (
  port: number,
  host: string,
  take: (socket: Socket) => void,
): Promise<void> => {
  await once(createServer(take).listen({ port, host, ipv6Only: true }), 'listening')
}

/** By address: where a name was looked up, the name is told too. */
const noted = (socket: Socket): void => {
  asked.push(`${socket.localAddress}:${socket.localPort}`)
  socket.on('error', () => undefined)
  socket.destroy()
}

/** The name in a question about one, whose labels follow a head of twelve bytes. */
const nameIn = (question: Buffer): string => {
  const labels: Array<string> = []
  let at = 12
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return labels.join('.')
}

/** That there is no such name: an answer, with RCODE 3 (RFC 1035, section 4.1.1). */
const noSuchName = (question: Buffer): Buffer => {
  const answer = Buffer.from(question)
  answer.writeUInt16BE(0x8183, 2)
  return answer
}

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** What the system counts in this network alone: connections that were refused, and lost datagrams. */
const refusals = (): number => {
  const lines = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .map((line) => line.split(/\s+/))
  const counted = (protocol: string, name: string): number => {
    const [names = [], values = []] = lines.filter(([first]) => first === protocol)
    return Number(values[names.indexOf(name)])
  }
  const ofIpv6 = /^Udp6NoPorts\s+(\d+)$/m.exec(readIfThere('/proc/net/snmp6'))?.[1] ?? '0'
  const all = counted('Tcp:', 'AttemptFails') + counted('Udp:', 'NoPorts') + Number(ofIpv6)
  if (Number.isNaN(all)) throw new Error('the system does not count refusals')
  return all
}

/** A machine without IPv6 has no address of it to ask for either. */
const quietly = (listening: Promise<void>): Promise<void> => listening.catch(() => undefined)

const main = async (): Promise<void> => {
  const names = createSocket('udp4')
  names.on('message', (question, { address, port }) => {
    asked.push(nameIn(question))
    names.send(noSuchName(question), port, address)
  })
  names.bind(53, '0.0.0.0')
  await once(names, 'listening')
  for (const port of [53, 80, 443]) {
    await listen(port, '0.0.0.0', noted)
    await quietly(listen(port, '::', noted))
  }
  for (const port of ports)
    await listen(port, '127.0.0.1', (near) => joined(near, connect(join(folder, String(port)))))
  const child = spawn(program, [...given], { stdio: 'inherit' })
  const [code] = await once(child, 'close')
  const refused = refusals()
  if (refused > 0) asked.push(`${refused} at ports of nobody`)
  writeFileSync(told, JSON.stringify(asked))
  process.exit(code ?? 1)
}

void main()
