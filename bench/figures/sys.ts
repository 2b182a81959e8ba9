import { onStage } from '../loopback/stage'
import { execFileSync, spawn } from 'node:child_process'
void onStage(async (stage) => {
  const name = process.env['WHO'] ?? 'pipe'
  if (name.startsWith('/')) process.env['FLOOR'] = name
  const p: any = name === 'ours' ? await stage.ours() : await stage.pipe()
  const load = { streams: Number(process.env['STREAMS'] ?? 1), rounds: 300, isTogether: false, promptBytes: 12_000, pace: { _tag: 'AtOnce' as const } }
  await stage.load(p, load)
  const pid = p.pid
  const s = spawn('strace', ['-c', '-f', '-p', String(pid), '-o', '/tmp/strace.out'], { stdio: 'inherit' })
  await new Promise((r) => setTimeout(r, 1000))
  await stage.load(p, load)
  s.kill('SIGINT'); await new Promise((r) => s.once('exit', r))
  console.log(execFileSync('head', ['-20', '/tmp/strace.out']).toString())
})
