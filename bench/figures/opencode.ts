/**
 * OpenCode with the plugin, beside OpenCode that reaches the same backend by itself: its start with the
 * first turn, a turn once it runs, and what many turns leave behind.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { serveOpenCode, type OpenCodeServer } from '../../test/hosts/support/opencode-server'
import {
  openCodeFolder,
  setUpOpenCode,
  storePath,
  type Around,
} from '../../test/hosts/support/opencode'
import { addProbe, heldBy, type Held } from '../../test/hosts/support/opencode-probe'
import { startRecordingProxy } from '../../test/hosts/support/recording-proxy'
import { signedIn, withHome } from '../accounts'
import { mb, ms, type Measure, type Row } from '../figure'
import { start } from '../loopback/child'
import { inTurn, median } from '../statistics'

const starts = 5
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
        return [
          timeRow('OpenCode, start and first turn / without us', first.ours, first.reference),
          ...(await turnRows(ours, reference)),
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

const turnRows = async (ours: Around, reference: Around): Promise<ReadonlyArray<Row>> => {
  const open: Array<OpenCodeServer> = []
  try {
    await Promise.all([addProbe(ours), addProbe(reference)])
    for (const around of [ours, reference]) open.push(await serveOpenCode(around))
    const [mine, bare] = open as [OpenCodeServer, OpenCodeServer]
    // Session by session, so that what else the machine does falls on both.
    const take = (count: number) =>
      inTurn(
        count / turnsOfSession,
        0,
        () => sessionOf(mine),
        () => sessionOf(bare),
      )
    const held = async (): Promise<readonly [Held, Held]> => [
      await heldBy(ours, mine),
      await heldBy(reference, bare),
    ]
    await take(settledAt)
    const early = await held()
    const times = await take(turns - settledAt)
    const late = await held()
    return [
      timeRow('OpenCode, a turn / without us', times.ours.flat(), times.reference.flat()),
      ...growthRows(early, late),
    ]
  } finally {
    await Promise.all(open.map((server) => server.close()))
  }
}

/** The time of each turn. */
const sessionOf = async (server: OpenCodeServer): Promise<ReadonlyArray<number>> => {
  const times: Array<number> = []
  const session = await server.openSession()
  while (times.length < turnsOfSession) {
    const { error, took } = await session.say('hello')
    if (error !== '') throw new Error(`OpenCode says: ${error}`)
    times.push(took)
  }
  return times
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

type Pair = readonly [ours: Held, reference: Held]

const growthRows = (
  [oursEarly, referenceEarly]: Pair,
  [ours, reference]: Pair,
): ReadonlyArray<Row> => [
  {
    figure: `OpenCode, heap at turn ${turns} / at turn ${settledAt}`,
    ours: mb(ours.heapBytes),
    reference: mb(oursEarly.heapBytes),
    ratio: ours.heapBytes / oursEarly.heapBytes,
  },
  {
    figure: 'the same without us',
    ours: mb(reference.heapBytes),
    reference: mb(referenceEarly.heapBytes),
    ratio: reference.heapBytes / referenceEarly.heapBytes,
  },
  {
    figure: `OpenCode, resident at turn ${turns} / without us`,
    ours: mb(ours.residentBytes),
    reference: mb(reference.residentBytes),
    ratio: ours.residentBytes / reference.residentBytes,
  },
  {
    figure: `OpenCode, open files at turn ${turns} / at turn ${settledAt}`,
    ours: String(ours.handles),
    reference: String(oursEarly.handles),
    ratio: ours.handles / oursEarly.handles,
  },
]
