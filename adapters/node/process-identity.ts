/**
 * Who a process is: its pid, and marks that tell it from a later one of that pid.
 *
 * On Linux `startedAt` is machine, boot, pid namespace and start time in ticks. Processes that share a
 * folder need not share a machine or a container: of a stranger's pid nothing can be told, so it counts
 * as alive. A process from before the last boot of this machine is dead for certain.
 * Elsewhere it is the host's name and the start of the clock of performance, for our own process only.
 */
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { ProcessIdentity } from '../../ports/process'

interface Marks {
  readonly machine: string
  readonly boot: string
  readonly namespace: string
}

/** The machine's own id is meant to stay on it (machine-id(5)), so only a part of its hash is stored. */
const shortened = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 8)

const readOr = (path: string, other: string): string => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return other
  }
}

const namespaceOf = (): string => {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'
  } catch {
    return '0'
  }
}

const marks = (): Marks => ({
  machine: shortened(readOr('/etc/machine-id', '') || hostname()),
  boot: readOr('/proc/sys/kernel/random/boot_id', '').slice(0, 8),
  namespace: namespaceOf(),
})

const print = ({ machine, boot, namespace }: Marks, start: string): string =>
  [machine, boot, namespace, start].join('.')

/** Fields 3 and 22 of proc(5); the name in field 2 may hold spaces and brackets, so they count from its end. */
const fieldsOf = (stat: string): { readonly state: string; readonly start: string } => {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', start: fields[19] ?? '' }
}

/** A zombie has ended; only its parent has not noticed yet. */
const ended: ReadonlyArray<string> = ['Z', 'X', 'x']

export interface Identities {
  readonly self: () => ProcessIdentity
  readonly isAlive: (identity: ProcessIdentity) => Promise<boolean>
  /** Of any process of this machine, if it runs. */
  readonly of: (pid: number) => Promise<ProcessIdentity | undefined>
}

export const linuxIdentities = (): Identities => {
  const ours = marks()
  const of = async (pid: number): Promise<ProcessIdentity | undefined> => {
    try {
      const { state, start } = fieldsOf(await readFile(`/proc/${pid}/stat`, 'utf8'))
      return ended.includes(state) ? undefined : { pid, startedAt: print(ours, start) }
    } catch {
      return undefined
    }
  }
  const { start } = fieldsOf(readFileSync('/proc/self/stat', 'utf8'))
  const self = { pid: process.pid, startedAt: print(ours, start) }
  return {
    of,
    self: () => self,
    isAlive: async ({ pid, startedAt }) => {
      const [machine, boot, namespace] = startedAt.split('.')
      if (machine !== ours.machine) return true
      if (boot !== ours.boot) return false
      if (namespace !== ours.namespace) return true
      return (await of(pid))?.startedAt === startedAt
    },
  }
}

export const otherIdentities = (): Identities => {
  const machine = shortened(hostname())
  const startedAt = `${machine}.${Math.floor(performance.timeOrigin)}`
  const isThere = (pid: number): boolean => {
    try {
      return process.kill(pid, 0)
    } catch (thrown) {
      // Somebody else's process may not be signalled, but it is there.
      return (
        typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'EPERM'
      )
    }
  }
  return {
    self: () => ({ pid: process.pid, startedAt }),
    isAlive: async (identity) => {
      if (!identity.startedAt.startsWith(`${machine}.`)) return true
      return identity.pid === process.pid ? identity.startedAt === startedAt : isThere(identity.pid)
    },
    of: async (pid) => (isThere(pid) ? { pid, startedAt: `${machine}.0` } : undefined),
  }
}

export const identities = (): Identities => {
  if (process.platform !== 'linux') return otherIdentities()
  try {
    return linuxIdentities()
  } catch {
    return otherIdentities() // A Linux without /proc.
  }
}
