import * as O from 'fp-ts/Option'
import * as Cooldown from '../../../core/health/cooldown'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import * as Window from '../../../core/quota/window'
import { hour, minute } from '../../../core/time'
import { documentOf, layout, noon, type CliWorld } from '../../support/cli'
import { expectGolden } from '../../support/golden'
import { put, signedIn, type SignedIn } from '../../support/signed-in'

/** Ada and Barbara are signed in; Grace's token has ended. */
const signedInThree = async (backend?: string): Promise<SignedIn> => {
  const signed = await signedIn({
    ...{ names: ['ada', 'grace', 'barbara'], stale: ['grace'] },
    ...(backend === undefined ? {} : { backend }),
  })
  const [ada = ''] = signed.keys
  signed.world.upstream.setQuota(ada, { windows: [{ usedPercent: 73 }, { usedPercent: 4 }] })
  return signed
}

const limited = async ({ world, keys }: SignedIn): Promise<void> => {
  const state = RuntimeState.applyAll(
    keys.slice(0, 2).map((account) => ({
      ...{ _tag: 'Cooled' as const, account, at: noon },
      cooldown: Cooldown.cooling(noon + 2 * hour, 'rate-limited', O.some('five-hour')),
    })),
  )(RuntimeState.empty)
  await put(world, layout.runtimeState, RuntimeFile.print(state, noon + minute))
}

const stateOf = (world: CliWorld): RuntimeState.RuntimeState =>
  RuntimeFile.parse(world.text(layout.runtimeState) ?? '', world.text(layout.quota) ?? '')

describe('check', () => {
  it('tells what is left of each account, remembers it, and renews no token', async () => {
    const { world, keys } = await signedInThree()
    const ran = await world.run(['check'])
    expect(ran).toMatchObject({ code: 0, talk: '' })
    expectGolden('check', ran.answer)
    expect(world.upstream.journal.refreshes()).toEqual([])
    expect(world.upstream.journal.requestsOf()).toEqual([])
    const { quotas } = stateOf(world)
    expect(Object.keys(quotas).sort()).toEqual([keys[0], keys[2]].sort())
    expect(quotas[keys[0] ?? '']).toMatchObject({
      source: 'usage',
      windows: [
        { kind: 'five-hour', usedPercent: 73 },
        { kind: 'weekly', usedPercent: 4 },
      ],
    })
    const { data } = documentOf(await world.run(['check', '--json']))
    expect(data.accounts.map(({ usage }: { usage: string }) => usage)).toEqual([
      ...['read', 'token-ended', 'read'],
    ])
  })

  it('says so where the backend is not reached', async () => {
    const { world } = await signedInThree('http://127.0.0.1:9/backend-api')
    const { data } = documentOf(await world.run(['check', '--json']))
    expect(data.accounts[0].usage).toBe('not-reached')
    expect(world.text(layout.quota)).toBeUndefined()
  })
})

describe('limits', () => {
  it('shows windows, resets and cooldowns with their age and who told', async () => {
    const signed = await signedInThree()
    await limited(signed)
    await signed.world.run(['check'])
    const ran = await signed.world.run(['limits'])
    expect(ran).toMatchObject({ code: 0, talk: '' })
    expectGolden('limits', ran.answer)
    const { data } = documentOf(await signed.world.run(['limits', 'ada', '--json']))
    expect(data.accounts).toMatchObject([
      { source: 'usage', account: { status: 'limited', quota: { windows: [{}, {}] } } },
    ])
  })
})

it.each([
  { source: 'refusal', told: 'a refusal told' },
  { source: 'headers', told: 'an answer told' },
  { source: 'stream', told: 'an answer told' },
] as const)('limits say of quota from $source that $told', async ({ source, told }) => {
  const { keys, world } = await signedInThree()
  const windows = [Window.make(5 * hour, 100, O.some(noon + hour))]
  const snapshot = { windows, observedAt: noon, source, plan: O.none }
  const seen = { _tag: 'QuotaSeen', account: keys[0] ?? '', snapshot } as const
  const state = RuntimeState.apply(seen)(RuntimeState.empty)
  await put(world, layout.quota, RuntimeFile.printQuota(state, ''))
  expect((await world.run(['limits', 'ada'])).answer).toContain(`   ${told} now\n`)
})

describe('limits clear', () => {
  it('forgets the cooldown and the quota of one account, and of no other', async () => {
    const signed = await signedInThree()
    await limited(signed)
    const { keys, world } = signed
    await world.run(['check'])
    const ran = await world.run(['limits', 'clear', 'ada', '--yes'])
    expect(ran).toMatchObject({
      code: 0,
      answer: 'Forgot the limits of account 1, ada@mail.test, plan plus.\n',
    })
    expect(Object.keys(stateOf(world).cooldowns)).toEqual([keys[1]])
    expect(Object.keys(stateOf(world).quotas)).toEqual([keys[2]])
    expect((await world.run(['limits', 'clear', 'ada', '--yes'])).answer).toBe(
      'There is nothing to forget.\n',
    )
  })

  it('forgets a model that was refused', async () => {
    const { keys, world } = await signedInThree()
    const refused = { _tag: 'ModelRefused', account: keys[1] ?? '', model: 'gpt-5.5' } as const
    const state = RuntimeState.apply({ ...refused, at: noon })(RuntimeState.empty)
    await put(world, layout.runtimeState, RuntimeFile.print(state, noon))
    const ran = await world.run(['limits', 'clear', '--all', '--yes'])
    expect(ran.answer).toBe('Forgot the limits of account 2, grace@mail.test, plan plus.\n')
    expect(stateOf(world).lacks).toEqual({})
  })

  it('forgets all, under its old name too, when told to', async () => {
    const signed = await signedInThree()
    await limited(signed)
    const { keys, world } = signed
    const before = world.text(layout.runtimeState)
    const dry = await world.run(['limits', 'clear', '--all', '--dry-run', '--json'])
    expect(documentOf(dry).data).toEqual({ dryRun: true, cleared: keys.slice(0, 2) })
    expect(await world.run(['limits', 'clear', '--all'])).toMatchObject({ code: 2 })
    expect(world.text(layout.runtimeState)).toBe(before)
    const old = await world.run(['rotation', 'reset-rate-limits', '--all', '--yes', '--json'])
    expect(documentOf(old).data).toEqual({ dryRun: false, cleared: keys.slice(0, 2) })
    expect(stateOf(world).cooldowns).toEqual({})
  })

  it.each([{ words: ['--yes'] }, { words: ['ada', '--all', '--yes'] }])(
    'takes an account or all of them, not $words',
    async ({ words }) => {
      const { world } = await signedInThree()
      const ran = await world.run(['limits', 'clear', ...words])
      expect(ran).toMatchObject({ code: 2 })
      expect(ran.talk).toContain('limits clear takes an account, or --all')
    },
  )
})
