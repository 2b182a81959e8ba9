/** What a running OpenCode holds: asked of a plugin beside ours, which tells it on a signal. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../../support/until'
import { openCodeFolder, type Around } from './opencode'
import type { OpenCodeServer } from './opencode-server'

export interface Held {
  /** What lives once all garbage has been collected. */
  readonly heapBytes: number
  /** How many of the things that requests are made of live then. */
  readonly parts: number
  /** As Linux tells it. */
  readonly residentBytes: number
  readonly handles: number
}

/** One kept for each request shows in them, however large the rest of the host is. */
const kinds: ReadonlyArray<string> = [
  ...['Function', 'Promise', 'Map', 'Set', 'Timeout'],
  ...['AbortController', 'AbortSignal', 'Request', 'Response', 'ReadableStream'],
]

const toldIn = (around: Around): string => join(around.home.path, 'held.json')

/**
 * Of the runtime that carries the host: node has no such module. What is still on the stack, or is about
 * to end, counts as living, so it looks five times and tells the least.
 */
const source = (told: string): string => `
import { renameSync, writeFileSync } from 'node:fs'
import { heapStats } from 'bun:jsc'
const [told, kinds] = ${JSON.stringify([told, kinds])}
const look = () => {
  Bun.gc(true)
  const { heapSize: heapBytes, objectTypeCounts: counts } = heapStats()
  return { heapBytes, parts: kinds.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0) }
}
const tell = async () => {
  const seen = []
  for (let at = 0; at < 5; at += 1) {
    seen.push(look())
    await Bun.sleep(100)
  }
  const least = (what) => Math.min(...seen.map((one) => one[what]))
  const held = { heapBytes: least('heapBytes'), parts: least('parts') }
  writeFileSync(told + '.draft', JSON.stringify(held))
  renameSync(told + '.draft', told)
}
let isHeard = false
export default {
  id: 'probe',
  server: async () => {
    if (!isHeard) process.on('SIGUSR2', tell)
    isHeard = true
    return {}
  },
}
`

/** Puts the probe where the host finds it by itself. */
export const addProbe = async (around: Around): Promise<void> => {
  const folder = join(openCodeFolder(around, 'XDG_CONFIG_HOME'), 'opencode', 'plugin')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'probe.js'), source(toldIn(around)))
}

/** Of a server that has served: the probe is loaded with the first project. */
export const heldBy = async (around: Around, { pid }: OpenCodeServer): Promise<Held> => {
  const told = toldIn(around)
  await rm(told, { force: true })
  process.kill(pid, 'SIGUSR2')
  let text = ''
  const isTold = await until(async () => {
    text = await readFile(told, 'utf8').catch(() => '')
    return text !== ''
  })
  if (!isTold) throw new Error('OpenCode does not tell what it holds.')
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
  const handles = (await readdir(`/proc/${pid}/fd`)).length
  return { ...JSON.parse(text), residentBytes: Number(kilobytes) * 1_024, handles }
}
