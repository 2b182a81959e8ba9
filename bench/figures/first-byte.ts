/** Time to the first event a person sees, through our proxy and through a pipe, streams starting together. */
import { ms, type Measure, type Row } from '../figure'
import type { Pace } from '../loopback/answers'
import { onStage } from '../loopback/stage'
import { inTurn, median } from '../statistics'

/** As long as streams that were started together need to be there together. */
const held: Pace = { _tag: 'Paced', events: 5, everyMs: 50 }

const cases = [
  { streams: 1, rounds: 40, pairs: 6, pace: { _tag: 'AtOnce' } },
  { streams: 64, rounds: 3, pairs: 6, pace: held },
  { streams: 256, rounds: 2, pairs: 5, pace: held },
] as const

export const firstByte: Measure = () =>
  onStage(async (stage) => {
    const [ours, pipe] = [await stage.ours(), await stage.pipe()]
    const rows: Array<Row> = []
    for (const { pairs, ...load } of cases) {
      const measure = async (on: typeof ours): Promise<ReadonlyArray<number>> =>
        (await stage.load(on, { ...load, isTogether: true, promptBytes: 12_000 })).firstByteMs
      const seen = await inTurn(
        pairs,
        1,
        () => measure(ours),
        () => measure(pipe),
      )
      const [mine, bare] = [median(seen.ours.flat()), median(seen.reference.flat())]
      rows.push({
        figure: `first event, ${load.streams} at once / pipe`,
        ours: ms(mine),
        reference: ms(bare),
        ratio: mine / bare,
        bound: { most: 1.3 },
      })
    }
    return rows
  })
