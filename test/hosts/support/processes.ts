/** What runs in a home, as Linux tells it: by the environment, which every program hands on. */
import { readdir, readFile } from 'node:fs/promises'
import type { Home } from './home'

export interface HomeProcess {
  readonly pid: string
  readonly command: string
  /** By Ctrl-Z. */
  readonly isStopped: boolean
}

export const processesOf = async (home: Home): Promise<ReadonlyArray<HomeProcess>> => {
  const one = async (pid: string): Promise<ReadonlyArray<HomeProcess>> => {
    const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8')
    const environment = (await read('environ')).split('\0')
    if (!environment.includes(`CODEX_HOME=${home.path}`)) return []
    const [words, status] = [await read('cmdline'), await read('stat')]
    const isStopped = /\) T /.test(status)
    return [{ pid, command: words.split('\0').join(' ').trim(), isStopped }]
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  // One that is gone meanwhile has nothing to read.
  return (await Promise.all(pids.map((pid) => one(pid).catch(() => [])))).flat()
}
