/** Requests a second with 64 under way, and the processor time they cost the proxy. */
import type { Measure, Row } from '../figure'
import type { Proxy } from '../loopback/proxy'
import { onStage, type Stage } from '../loopback/stage'
import { inTurn, median } from '../statistics'

const load = {
  streams: 64,
  rounds: 40,
  isTogether: false,
  promptBytes: 12_000,
  pace: { _tag: 'AtOnce' },
} as const

const requests = load.streams * load.rounds
/** The client's own warm-up is work for the proxy too. */
const requestsServed = requests + load.streams

interface Seen {
  readonly perSecond: number
  readonly cpuMs: number
}

const measure = async (stage: Stage, on: Proxy): Promise<Seen> => {
  const before = await on.used()
  const { tookMs } = await stage.load(on, load)
  const after = await on.used()
  return {
    perSecond: (requests / tookMs) * 1_000,
    cpuMs: ((after.cpuMs - before.cpuMs) / requestsServed) * 1_000,
  }
}

export const throughput: Measure = () =>
  onStage(async (stage) => {
    const [ours, pipe, nginx] = [await stage.ours(), await stage.pipe(), await stage.nginx()]
    const seen = await inTurn(
      7,
      2,
      () => measure(stage, ours),
      () => measure(stage, pipe),
    )
    const of = (runs: ReadonlyArray<Seen>, what: keyof Seen): number =>
      median(runs.map((run) => run[what]))
    const rate = { ours: of(seen.ours, 'perSecond'), pipe: of(seen.reference, 'perSecond') }
    const cpu = { ours: of(seen.ours, 'cpuMs'), pipe: of(seen.reference, 'cpuMs') }
    const rows: ReadonlyArray<Row> = [
      {
        figure: 'requests a second, 64 under way / pipe',
        ours: rate.ours.toFixed(0),
        reference: rate.pipe.toFixed(0),
        ratio: rate.ours / rate.pipe,
        bound: { least: 0.75 },
      },
      {
        figure: 'processor time of 1,000 requests / pipe',
        ours: `${cpu.ours.toFixed(0)} ms`,
        reference: `${cpu.pipe.toFixed(0)} ms`,
        ratio: cpu.ours / cpu.pipe,
        bound: { most: 1.5 },
      },
    ]
    return nginx === undefined ? rows : [...rows, await ofNginx(stage, nginx, rate.pipe)]
  })

const ofNginx = async (stage: Stage, nginx: Proxy, pipe: number): Promise<Row> => {
  const rates: Array<number> = []
  for (let run = 0; run < 5; run += 1) {
    const { tookMs } = await stage.load(nginx, load)
    rates.push((requests / tookMs) * 1_000)
  }
  return {
    figure: 'requests a second of nginx / pipe',
    ours: median(rates).toFixed(0),
    reference: pipe.toFixed(0),
    ratio: median(rates) / pipe,
  }
}
