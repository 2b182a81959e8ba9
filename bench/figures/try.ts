import { onStage } from '../loopback/stage'
import { median, quantile } from '../statistics'
export const tryIt = () => onStage(async (stage) => {
  const ours = await stage.ours()
  const pipe = await stage.pipe()
  for (const streams of [1, 64, 256]) {
    const o: number[] = [], p: number[] = []
    const load = { streams, rounds: streams === 1 ? 30 : 2, isTogether: true, promptBytes: 12_000, pace: streams === 1 ? { _tag: 'AtOnce' as const }: { _tag: 'Paced' as const, events: 10, everyMs: 50 } }
    for (let i = 0; i < 4; i++) {
      o.push(...(await stage.load(ours, load)).firstByteMs)
      p.push(...(await stage.load(pipe, load)).firstByteMs)
    }
    console.log('ttfb', streams, median(o).toFixed(2), median(p).toFixed(2), (median(o) / median(p)).toFixed(2), 'p99', quantile(o, .99).toFixed(1), quantile(p, .99).toFixed(1))
  }
  const rps = { o: [] as number[], p: [] as number[], oc: [] as number[], pc: [] as number[] }
  const load = { streams: 64, rounds: 20, isTogether: false, promptBytes: 12_000, pace: { _tag: 'AtOnce' as const } }
  for (let i = 0; i < 4; i++) {
    for (const [who, times, cpus] of [[ours, rps.o, rps.oc], [pipe, rps.p, rps.pc]] as const) {
      const a = await who.used()
      const m = await stage.load(who, load)
      const b = await who.used()
      times.push(64 * 20 * 1000 / m.tookMs)
      cpus.push((b.cpuMs - a.cpuMs) / (64 * 21) * 1000)
    }
  }
  console.log('rps', median(rps.o).toFixed(0), median(rps.p).toFixed(0), (median(rps.o) / median(rps.p)).toFixed(2), 'cpu/1000', median(rps.oc).toFixed(0), median(rps.pc).toFixed(0), (median(rps.oc) / median(rps.pc)).toFixed(2))
  const big = { streams: 1, rounds: 15, isTogether: false, promptBytes: 2_000_000, pace: { _tag: 'AtOnce' as const } }
  const o: number[] = [], p: number[] = []
  for (let i = 0; i < 4; i++) {
    o.push(...(await stage.load(ours, big)).firstByteMs)
    p.push(...(await stage.load(pipe, big)).firstByteMs)
  }
  console.log('2MB', median(o).toFixed(2), median(p).toFixed(2), (median(o) / median(p)).toFixed(2))
  console.log('rss', ((await ours.used()).residentBytes / 1e6).toFixed(0), ((await pipe.used()).residentBytes / 1e6).toFixed(0))
})
void tryIt()
