/** Linux tells of its processes in /proc, others by ps(1), which knows no environment. */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import { readdir, readFile } from 'node:fs/promises'
import { second } from '../../core/time'
import type { ProcessTable, RunningProgram } from '../../ports/process-table'
import { nodeChild } from './child'

/** More than a person's machine has; what comes after is not looked at. */
const processesMax = 4_096
/** Whoever is asked to wait for this is asking for something else. */
const psMax = 2 * second

export const nodeProcessTable = (): ProcessTable => ({
  running: () => (process.platform === 'linux' ? ResultAsync.fromSafePromise(ofProc()) : ofPs()),
})

const ofProc = async (): Promise<ReadonlyArray<RunningProgram>> => {
  const names = await readdir('/proc').catch((): Array<string> => [])
  const pids = names.filter((name) => /^\d+$/.test(name)).slice(0, processesMax)
  return (await Promise.all(pids.map(at))).flat()
}

/** The environment of another user's process cannot be read, which tells those from ours. */
const at = async (pid: string): Promise<ReadonlyArray<RunningProgram>> => {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8')
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    return [
      {
        pid: Number(pid),
        words: words.split('\0').slice(0, -1),
        environment: O.some(environmentOf(environment)),
      },
    ]
  } catch {
    return []
  }
}

const environmentOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split('\0').flatMap((entry) => {
      const end = entry.indexOf('=')
      return end <= 0 ? [] : [[entry.slice(0, end), entry.slice(end + 1)]]
    }),
  )

const ofPs = (): ResultAsync<ReadonlyArray<RunningProgram>, never> =>
  nodeChild()
    .capture({ program: 'ps', arguments: ['-xo', 'pid=,command='], environment: {} }, psMax)
    .map(({ output }) => output.split('\n').slice(0, processesMax).flatMap(ofLine))
    .orElse(() => okAsync([]))

const ofLine = (line: string): ReadonlyArray<RunningProgram> => {
  const found = /^\s*(\d+)\s+(\S.*)$/.exec(line)
  return found === null
    ? []
    : [{ pid: Number(found[1]), words: (found[2] ?? '').split(' '), environment: O.none }]
}
