/** Reading and saving the pool's file, which holds some 5 kB of tokens an account. */
import { readFile } from 'node:fs/promises'
import { ok } from 'neverthrow'
import { nodeClock } from '../../adapters/node/clock'
import { nodeFileSystem } from '../../adapters/node/file-system'
import { nodeLock } from '../../adapters/node/lock'
import { nodeProcess } from '../../adapters/node/process'
import { nodeRandom } from '../../adapters/node/random'
import type { Pool } from '../../core/accounts/pool'
import * as Layout from '../../core/storage/layout'
import { changePool, readPool } from '../../entrypoints/programs/pool'
import { signedIn, withHome } from '../accounts'
import { ms, type Measure, type Row } from '../figure'
import { inTurn, median } from '../statistics'

const portsOf = () => {
  const [files, clock, random, process] = [
    nodeFileSystem(),
    nodeClock(),
    nodeRandom(),
    nodeProcess(),
  ]
  return { files, lock: nodeLock({ files, clock, random, process }) }
}

const layoutIn = (home: string): Layout.Layout =>
  Layout.of({ home, codexHome: home, ownRoot: undefined })

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** The smallest change there is, so that the file is what is measured. */
const touched = (pool: Pool): Pool => ({
  ...pool,
  affinityGeneration: pool.affinityGeneration + 1,
})

const loading = (home: string, figure: string): Promise<Row> => {
  const [ports, layout] = [portsOf(), layoutIn(home)]
  const load = async (): Promise<void> => {
    const read = await readPool(ports, layout)
    if (read.isErr()) throw new Error(read.error._tag)
  }
  const parse = async (): Promise<unknown> => JSON.parse(await readFile(layout.pool, 'utf8'))
  return inTurn(
    15,
    5,
    () => timed(load),
    () => timed(parse),
  ).then((seen) => {
    const [mine, bare] = [median(seen.ours), median(seen.reference)]
    return {
      figure: `${figure} / read and JSON.parse`,
      ours: ms(mine),
      reference: ms(bare),
      ratio: mine / bare,
      bound: { most: 5 },
    }
  })
}

const saveIn = (home: string) => async (): Promise<void> => {
  const saved = await changePool(portsOf(), layoutIn(home))((pool) => ok(touched(pool)))
  if (saved.isErr()) throw new Error(saved.error._tag)
}

const saving = (large: string, small: string): Promise<Row> =>
  inTurn(
    9,
    3,
    () => timed(saveIn(large)),
    () => timed(saveIn(small)),
  ).then((seen) => {
    const [ours, reference] = [median(seen.ours) / 3_000, median(seen.reference) / 300]
    return {
      figure: 'durable save, an account of 3,000 / of 300',
      ours: ms(ours),
      reference: ms(reference),
      ratio: ours / reference,
      bound: { most: 1.5 },
    }
  })

export const pool: Measure = () =>
  withHome(signedIn(3_000), (large) =>
    withHome(signedIn(300), async (small) => {
      const loaded = await loading(large, 'load of 3,000 accounts')
      const saved = await saving(large, small)
      // From then on the copy of ours lies beside the file, and is read too.
      return [loaded, await loading(large, 'the same, with our copy beside'), saved]
    }),
  )
