import { onStage, type Proxy } from '../loopback/stage'
import { median } from '../statistics'
void onStage(async (stage) => {
  const names = (process.env['WHO'] ?? 'pipe,ours').split(',')
  const streams = Number(process.env['STREAMS'] ?? 64)
  const rounds = Number(process.env['ROUNDS'] ?? 20)
  const times = Number(process.env['TIMES'] ?? 5)
  const promptBytes = Number(process.env['BYTES'] ?? 12_000)
  const load = { streams, rounds, isTogether: false, promptBytes, pace: { _tag: 'AtOnce' as const } }
  const rows: Array<{name: string, proxy: Proxy, cpu: number[], rps: number[]}> = []
  for (const name of names) {
    if (name.startsWith('/')) process.env['FLOOR'] = name; else delete process.env['FLOOR']
    rows.push({ name, proxy: name === 'ours' ? await stage.ours() : await stage.pipe(), cpu: [], rps: [] })
  }
  for (let i = -1; i < times; i++) for (const r of rows) {
    const a = await r.proxy.used(); const m = await stage.load(r.proxy, load); const b = await r.proxy.used()
    if (i < 0) continue
    r.cpu.push((b.cpuMs - a.cpuMs) / (streams * (rounds + 1)) * 1000); r.rps.push(streams * rounds * 1000 / m.tookMs)
  }
  const base = rows[0]!
  for (const r of rows) console.log(r.name.padEnd(8), 'cpu/1000', median(r.cpu).toFixed(0), 'min', Math.min(...r.cpu).toFixed(0), 'ratio', (median(r.cpu)/median(base.cpu)).toFixed(2), 'min', (Math.min(...r.cpu)/Math.min(...base.cpu)).toFixed(2), 'rps', median(r.rps).toFixed(0), (median(r.rps)/median(base.rps)).toFixed(2), 'max', (Math.max(...r.rps)/Math.max(...base.rps)).toFixed(2))
})
