/** A long conversation: 2 MB of prompt before the first event can come. */
import { ms, type Measure } from '../figure'
import { onStage } from '../loopback/stage'
import { inTurn, median } from '../statistics'

const load = {
  streams: 1,
  rounds: 20,
  isTogether: false,
  promptBytes: 2_000_000,
  pace: { _tag: 'AtOnce' },
} as const

export const prompt: Measure = () =>
  onStage(async (stage) => {
    const [ours, pipe] = [await stage.ours(), await stage.pipe()]
    const seen = await inTurn(
      7,
      1,
      async () => (await stage.load(ours, load)).firstByteMs,
      async () => (await stage.load(pipe, load)).firstByteMs,
    )
    const [mine, bare] = [median(seen.ours.flat()), median(seen.reference.flat())]
    return [
      {
        figure: 'first event after a prompt of 2 MB / pipe',
        ours: ms(mine),
        reference: ms(bare),
        ratio: mine / bare,
        bound: { most: 1.3 },
      },
    ]
  })
