import * as fc from 'fast-check'
import * as Account from '../../../core/accounts/account'
import * as PoolFile from '../../../core/storage/pool-file'
import { cliWorld, documentOf, killed, layout } from '../../support/cli'

/** Two sign-ins; the second dies at its nth step, before or after it took effect. */
const dyingAt = async (seed: number, nth: number, death: 'KillBefore' | 'KillAfter') => {
  let isArmed = false
  let steps = 0
  const world = await cliWorld({
    seed,
    disturb: ({ process }) => {
      if (!isArmed || process !== 'cli') return { _tag: 'None' }
      steps += 1
      return steps === nth ? { _tag: death } : { _tag: 'None' }
    },
  })
  const person = (email: string) => world.upstream.addPerson({ email }).accounts[0]
  const [ada, bea] = [person('ada@mail.test'), person('bea@mail.test')]
  world.upstream.browser.signsIn(ada)
  await world.run(['login'])
  const first = PoolFile.parse(world.text(layout.pool) ?? '')._unsafeUnwrap().accounts[0]!
  isArmed = true
  world.upstream.browser.signsIn(bea)
  const ran = await world.run(['login'])
  isArmed = false
  return { world, ran, first, ada, bea }
}

it('loses no account that was there, wherever a later sign-in dies', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 1_000 }),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom('KillBefore' as const, 'KillAfter' as const),
      async (seed, nth, death) => {
        const { world, ran, first, ada, bea } = await dyingAt(seed, nth, death)
        const { data } = documentOf(await world.run(['list', '--json']))
        const keys = data.accounts.map(({ key }: { key: string }) => key)
        expect(keys[0]).toBe(ada.key)
        expect([[ada.key], [ada.key, bea.key]]).toContainEqual(keys)
        if (ran.code !== killed) expect(keys).toEqual([ada.key, bea.key])
        const kept = PoolFile.parse(world.text(layout.pool) ?? '')._unsafeUnwrap().accounts[0]!
        expect(kept.credential.refresh.reveal()).toBe(first.credential.refresh.reveal())
        expect(Account.key(kept)).toBe(ada.key)
      },
    ),
    { numRuns: 60 },
  )
}, 60_000)

it('lets the next sign-in through at once after one that died', async () => {
  for (const nth of [8, 14, 20, 26, 32]) {
    const { world, bea } = await dyingAt(3, nth, 'KillAfter')
    const before = world.time.now()
    const ran = await world.run(['login'])
    expect(ran.code).toBe(0)
    expect(ran.answer).toContain(bea.email)
    expect(world.time.now() - before).toBeLessThan(1_000)
  }
})
