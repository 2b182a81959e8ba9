/** What a proxy holds while 256 streams are open, from a fresh start. */
import { mb, type Measure } from '../figure'
import type { Proxy } from '../loopback/proxy'
import { onStage, type Stage } from '../loopback/stage'
import { inTurn, median } from '../statistics'

const load = {
  streams: 256,
  rounds: 1,
  isTogether: true,
  promptBytes: 12_000,
  pace: { _tag: 'Paced', events: 15, everyMs: 100 },
} as const

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The most that was seen in looks at it from the first stream to the last. */
const mostHeld = async (stage: Stage, proxy: Proxy): Promise<number> => {
  let isOver = false
  const loaded = stage.load(proxy, load).finally(() => {
    isOver = true
  })
  let most = 0
  while (!isOver) {
    most = Math.max(most, (await proxy.used()).residentBytes)
    await pause(50)
  }
  await loaded
  await proxy.end()
  return most
}

export const memory: Measure = () =>
  onStage(async (stage) => {
    const seen = await inTurn(
      3,
      0,
      async () => mostHeld(stage, await stage.ours()),
      async () => mostHeld(stage, await stage.pipe()),
    )
    const [mine, bare] = [median(seen.ours), median(seen.reference)]
    return [
      {
        figure: 'memory with 256 streams open / pipe',
        ours: mb(mine),
        reference: mb(bare),
        ratio: mine / bare,
        bound: { most: 1.5 },
      },
    ]
  })
