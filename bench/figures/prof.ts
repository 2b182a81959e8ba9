import { onStage } from '../loopback/stage'
void onStage(async (stage) => {
  const who = process.env['WHO'] === 'pipe' ? await stage.pipe() : await stage.ours()
  const load = { streams: 64, rounds: 60, isTogether: false, promptBytes: 12_000, pace: { _tag: 'AtOnce' as const } }
  const m = await stage.load(who, load)
  console.log('rps', 64*60*1000/m.tookMs)
})
