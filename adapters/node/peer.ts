/** Whose socket is at the other end of a loopback connection. */
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import * as O from 'fp-ts/Option'

/** Bytes of an IPv4 address as the kernel prints them: a number in the order of this machine, x86 and ARM alike. */
const hexOfFour = (address: string): string =>
  address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .reverse()
    .join('')
    .toUpperCase()

const hexOfPort = (port: number): string => port.toString(16).padStart(4, '0').toUpperCase()

const loopbackOfSix = '00000000000000000000000001000000'
const fourInSix = '0000000000000000FFFF0000'

/** Each way the kernel may list it: an IPv4 connection is in tcp6 when its socket was made for IPv6. */
const formsOf = (address: string, port: number): ReadonlyArray<string> => {
  const four = address.replace(/^::ffff:/, '')
  if (four === '::1') return [`${loopbackOfSix}:${hexOfPort(port)}`]
  return [
    `${hexOfFour(four)}:${hexOfPort(port)}`,
    `${fourInSix}${hexOfFour(four)}:${hexOfPort(port)}`,
  ]
}

/** A socket in TIME_WAIT belongs to nobody and is listed as of root. */
const timeWait = '06'

/** The user id of the socket at `local`, connected to `remote`, in a table as proc_net_tcp(5) has it. */
export const ownerIn = (
  table: string,
  local: ReadonlyArray<string>,
  remote: ReadonlyArray<string>,
): O.Option<number> => {
  for (const line of table.split('\n')) {
    const [, at, to, state, , , , uid] = line.trim().split(/\s+/)
    if (at === undefined || to === undefined || uid === undefined || state === timeWait) continue
    if (local.includes(at) && remote.includes(to)) return O.some(Number(uid))
  }
  return O.none
}

/** None where the system does not tell. Where it tells, a connection that is not listed has gone. */
export const isPeerOurs = async (socket: Socket): Promise<O.Option<boolean>> => {
  const { remoteAddress, remotePort, localAddress, localPort } = socket
  const ours = process.getuid?.()
  if (process.platform !== 'linux' || ours === undefined) return O.none
  if (remoteAddress === undefined || remotePort === undefined) return O.some(false)
  if (localAddress === undefined || localPort === undefined) return O.some(false)
  const peer = formsOf(remoteAddress, remotePort)
  const us = formsOf(localAddress, localPort)
  try {
    for (const path of ['/proc/net/tcp', '/proc/net/tcp6']) {
      const owner = ownerIn(await readFile(path, 'utf8').catch(noTable), peer, us)
      if (O.isSome(owner)) return O.some(owner.value === ours)
    }
    return O.some(false)
  } catch {
    return O.none
  }
}

/** There is no tcp6 where IPv6 is off; a machine that has not even tcp tells nothing. */
const noTable = (error: NodeJS.ErrnoException): string => {
  if (error.code === 'ENOENT' && error.path === '/proc/net/tcp6') return ''
  throw error
}
