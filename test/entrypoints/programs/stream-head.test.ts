import { memoryClock } from '../../../adapters/memory/clock'
import { memoryHttp } from '../../../adapters/memory/http'
import { memoryNetwork } from '../../../adapters/memory/network'
import { scheduler } from '../../../adapters/memory/scheduler'
import { minute, second } from '../../../core/time'
import { openHeads, type ReadHead } from '../../../entrypoints/programs/stream-head'

const origin = 'https://backend.test'

const eventOf = (event: object): string => `data: ${JSON.stringify(event)}\n\n`

const pieces = [
  eventOf({ type: 'response.created' }),
  eventOf({ type: 'response.failed', response: { error: { code: 'usage_limit_reached' } } }),
]

/** What a process makes of an answer that lies there whole, while it stands still before the last piece. */
const readStandingStill = async (seed: number): Promise<ReadHead> => {
  let asked = 0
  const time = scheduler(seed, {
    disturb: ({ label }) => {
      if (label.startsWith('http.piece')) asked += 1
      return label.startsWith('http.piece') && asked === 2
        ? { _tag: 'Pause', span: minute }
        : { _tag: 'None' }
    },
  })
  const network = memoryNetwork(time)
  network.serve(origin, () => ({ _tag: 'Answer', status: 200, pieces }))
  const process = time.process('proxy')
  const limits = { connectMax: minute, firstByteMax: minute, stallMax: minute }
  return time.run(async () => {
    const answer = await memoryHttp(process, network).send({
      ...{ method: 'POST', url: `${origin}/responses`, headers: [], body: [], limits },
    })
    const heads = openHeads({ clock: memoryClock(process) })
    return heads.read(answer._unsafeUnwrap().body, 15 * second)
  })
}

describe('the head of an answer', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'is read where the process stood still beyond its time (%i)',
    async (seed) => {
      expect(await readStandingStill(seed)).toMatchObject({
        _tag: 'Failed',
        failure: { code: 'usage_limit_reached' },
      })
    },
  )
})
