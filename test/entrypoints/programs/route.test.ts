import { ask, openEngine } from '../../support/engine'
import { makeWorld } from '../../support/world'

it('tries', async () => {
  const world = await makeWorld()
  const engine = await openEngine(world)
  const t0 = performance.now()
  const answer = await world.time.run(() => ask(engine))
  console.log(answer, performance.now() - t0, world.time.log.length)
  console.log(engine.attempts, world.upstream.journal.violations())
  console.log(world.time.log.map((s) => `${s.at} ${s.process} ${s.label}`).join('\n'))
})
