/**
 * OpenCode with the plugin, beside OpenCode that reaches the same backend by itself: its start with the
 * first turn, a turn once it runs, and what many turns leave behind.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { serveOpenCode, type OpenCodeServer } from '../../test/hosts/support/opencode-server'
import {
  openCodeFolder,
  setUpOpenCode,
  storePath,
  type Around,
} from '../../test/hosts/support/opencode'
import { startRecordingProxy } from '../../test/hosts/support/recording-proxy'
import { signedIn, withHome } from '../accounts'
import { mb, ms, type Measure, type Row } from '../figure'
import { start } from '../loopback/child'
import { inTurn, median } from '../statistics'

const starts = 3
const turns = 500
/** What a process makes ready it has made by then. */
const settledAt = 100
/** A conversation is sent whole with each turn: a long one measures itself. */
const turnsOfSession = 10

export const opencode: Measure = async () => {
  const backend = start('loopback/backend')
  const fence = await startRecordingProxy()
  try {
    const { port } = await backend.ask<{ readonly port: number }>()
    const origin = `http://127.0.0.1:${port}`
    const upstream = { issuer: origin, backend: `${origin}/backend-api` }
    const rows = signedIn(3)
    return await withHome(rows, (own) =>
      withHome(rows, async (other) => {
        const around = (home: string): Around => ({
          ...{ upstream, proxy: fence, home: { path: home, workspace: home } },
        })
        const [ours, reference] = [around(own), around(other)]
        await setUpOpenCode(ours)
        await setUpAlone(reference)
        const first = await inTurn(
          starts,
          1,
          () => startOf(ours),
          () => startOf(reference),
        )
        const [with_, without] = [await turnsOf(ours), await turnsOf(reference)]
        return [
          timeRow('OpenCode, start and first turn / without us', first.ours, first.reference),
          timeRow('OpenCode, a turn / without us', with_.times, without.times),
          ...growthRows(with_, without),
        ]
      }),
    )
  } finally {
    await Promise.all([backend.end(), fence.close()])
  }
}

/** With a key of its own for the same backend. */
const setUpAlone = async (around: Around): Promise<void> => {
  await setUpOpenCode(around, '')
  const config = join(openCodeFolder(around, 'XDG_CONFIG_HOME'), 'opencode', 'opencode.json')
  const options = { baseURL: `${around.upstream.backend}/codex` }
  const alone = { autoupdate: false, share: 'disabled', provider: { openai: { options } } }
  await writeFile(config, JSON.stringify(alone))
  await mkdir(dirname(storePath(around)), { recursive: true })
  await writeFile(storePath(around), JSON.stringify({ openai: { type: 'api', key: 'none' } }))
}

const startOf = async (around: Around): Promise<number> => {
  const began = performance.now()
  const server = await serveOpenCode(around)
  await (await server.openSession()).say('hello')
  const took = performance.now() - began
  await server.close()
  return took
}

interface Turns {
  readonly times: ReadonlyArray<number>
  readonly early: Held
  readonly late: Held
}

interface Held {
  readonly residentBytes: number
  readonly handles: number
}

const turnsOf = async (around: Around): Promise<Turns> => {
  const server = await serveOpenCode(around)
  try {
    const times: Array<number> = []
    let early: Held | undefined
    while (times.length < turns) {
      const session = await server.openSession()
      for (let turn = 0; turn < turnsOfSession; turn += 1) {
        const { error, took } = await session.say('hello')
        if (error !== '') throw new Error(`OpenCode says: ${error}`)
        times.push(took)
      }
      if (times.length === settledAt) early = await heldBy(server)
    }
    const late = await heldBy(server)
    return { times: times.slice(settledAt), early: early ?? late, late }
  } finally {
    await server.close()
  }
}

/** As Linux tells it. */
const heldBy = async ({ pid }: OpenCodeServer): Promise<Held> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
  const handles = (await readdir(`/proc/${pid}/fd`)).length
  return { residentBytes: Number(kilobytes) * 1_024, handles }
}

const timeRow = (
  figure: string,
  ours: ReadonlyArray<number>,
  reference: ReadonlyArray<number>,
): Row => ({
  figure,
  ours: ms(median(ours)),
  reference: ms(median(reference)),
  ratio: median(ours) / median(reference),
})

const growthRows = (ours: Turns, reference: Turns): ReadonlyArray<Row> => {
  const { early, late } = ours
  return [
    {
      figure: `OpenCode, memory at turn ${turns} / at turn ${settledAt}`,
      ours: mb(late.residentBytes),
      reference: mb(early.residentBytes),
      ratio: late.residentBytes / early.residentBytes,
    },
    {
      figure: 'the same without us',
      ours: mb(reference.late.residentBytes),
      reference: mb(reference.early.residentBytes),
      ratio: reference.late.residentBytes / reference.early.residentBytes,
    },
    {
      figure: `OpenCode, open files at turn ${turns} / at turn ${settledAt}`,
      ours: String(late.handles),
      reference: String(early.handles),
      ratio: late.handles / early.handles,
    },
  ]
}
