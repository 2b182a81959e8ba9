/** Whether events that leave the backend evenly arrive evenly. */
import { ms, type Measure, type Row } from '../figure'
import { onStage } from '../loopback/stage'
import { inTurn, quantile } from '../statistics'

const load = {
  streams: 16,
  rounds: 1,
  isTogether: true,
  promptBytes: 12_000,
  pace: { _tag: 'Paced', events: 100, everyMs: 10 },
} as const

/** Nothing is to be added; a twentieth, and a fifth of the rare ones, is what two runs of one proxy differ by. */
const shares = [
  { name: 'median', share: 0.5, bound: 1.05 },
  { name: '99th of 100', share: 0.99, bound: 1.2 },
]

export const gaps: Measure = () =>
  onStage(async (stage) => {
    const [ours, pipe] = [await stage.ours(), await stage.pipe()]
    const seen = await inTurn(
      5,
      1,
      async () => (await stage.load(ours, load)).gapMs,
      async () => (await stage.load(pipe, load)).gapMs,
    )
    return shares.map(({ bound, name, share }): Row => {
      const [mine, bare] = [
        quantile(seen.ours.flat(), share),
        quantile(seen.reference.flat(), share),
      ]
      return {
        figure: `gap between events, ${name} / pipe`,
        ours: ms(mine),
        reference: ms(bare),
        ratio: mine / bare,
        bound: { most: bound },
      }
    })
  })
