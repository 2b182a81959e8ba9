import * as O from 'fp-ts/Option'
import * as Cooldown from '../../../core/health/cooldown'
import * as Pool from '../../../core/accounts/pool'
import * as Explanation from '../../../core/insight/explanation'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { hour, minute, second } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import type { Call } from '../../../entrypoints/embed/testing/journal'
import * as Refusal from '../../../entrypoints/embed/testing/refusal'
import { documentOf, layout, noon, type CliWorld } from '../../support/cli'
import { expectGolden } from '../../support/golden'
import { put, signedIn } from '../../support/signed-in'

const stateOf = (world: CliWorld): RuntimeState.RuntimeState =>
  RuntimeFile.parse(world.text(layout.runtimeState) ?? '', world.text(layout.quota) ?? '')

const keyOf = ({ account }: Call): string => (O.isSome(account) ? account.value.key : '')

/** One account that behaves so, alone in the pool. */
const alone = async (behaviour: Behaviour.Behaviour) => {
  const signed = await signedIn({ names: ['ada'] })
  const [key = ''] = signed.keys
  signed.world.upstream.always(key, behaviour)
  return { ...signed, key }
}

interface Row {
  readonly name: string
  readonly behaviour: Behaviour.Behaviour
  readonly probe: object
  readonly code: number
  /** What a request would have remembered, too. */
  readonly cooldown?: object
}

const rows: ReadonlyArray<Row> = [
  {
    name: 'it serves',
    behaviour: Behaviour.ok,
    probe: { outcome: 'served', status: 200, code: null, until: null },
    code: 0,
  },
  {
    name: 'its limit is reached',
    behaviour: Behaviour.usageLimit(hour),
    probe: { outcome: 'limited', status: 429 },
    code: 3,
    cooldown: { _tag: 'Cooling', why: 'rate-limited' },
  },
  {
    name: 'its limit is told inside a good answer',
    behaviour: Behaviour.failed('usage_limit_reached'),
    probe: { outcome: 'limited', status: 200 },
    code: 3,
    cooldown: { _tag: 'Cooling', why: 'rate-limited' },
  },
  {
    name: 'its token is refused',
    behaviour: Behaviour.unauthorized('token_expired'),
    probe: { outcome: 'token-refused', status: 401 },
    code: 3,
  },
  {
    name: 'its sign-in was taken back',
    behaviour: Behaviour.unauthorized('token_revoked'),
    probe: { outcome: 'needs-sign-in', status: 401, code: 'token_revoked' },
    code: 4,
  },
  {
    name: 'its workspace may not',
    behaviour: Behaviour.refuses(Refusal.foreignAccount),
    probe: { outcome: 'barred', status: 403, code: 'http_403' },
    code: 3,
    cooldown: { _tag: 'Cooling', why: 'workspace' },
  },
  {
    name: 'a bot check stands before the backend',
    behaviour: Behaviour.challenge,
    probe: { outcome: 'backend-failed', status: 403, code: 'http_403' },
    code: 3,
  },
  {
    name: 'its plan has not the model',
    behaviour: Behaviour.unsupportedModel,
    probe: { outcome: 'model-refused', status: 400 },
    code: 3,
  },
  {
    name: 'the country is not supported',
    behaviour: Behaviour.unsupportedCountry,
    probe: { outcome: 'request-refused', status: 403 },
    code: 3,
  },
  {
    name: 'nothing answers',
    behaviour: Behaviour.silence,
    probe: { outcome: 'backend-failed', status: null, code: 'timed_out' },
    code: 3,
  },
  {
    name: 'the answer stops before anything is in it',
    behaviour: Behaviour.stalls('start'),
    probe: { outcome: 'backend-failed', status: null, code: 'timed_out' },
    code: 3,
  },
]

describe('check --probe says so, and remembers it', () => {
  it.each(rows)('$name', async ({ behaviour, code, cooldown, probe }) => {
    const { key, world } = await alone(behaviour)
    const ran = await world.run(['check', '--probe', '--json'])
    expect(ran).toMatchObject({ code, talk: '' })
    const { data } = documentOf(ran)
    expect(data).toMatchObject({ model: 'gpt-5.5', accounts: [{ usage: 'read', probe }] })
    expect(world.upstream.journal.refreshes()).toEqual([])
    const state = stateOf(world)
    expect(RuntimeState.cooldownOf(key)(state)).toMatchObject(cooldown ?? { _tag: 'Ready' })
    const isLacking = data.accounts[0].probe.outcome === 'model-refused'
    expect(Object.keys(RuntimeState.lacksOf(key)(state))).toEqual(isLacking ? ['gpt-5.5'] : [])
    const needsSignIn = data.accounts[0].account.status === 'needs-sign-in'
    expect(needsSignIn).toBe(data.accounts[0].probe.outcome === 'needs-sign-in')
  })
})

it('gives each probe 15 seconds and no more', async () => {
  const { world } = await alone(Behaviour.silence)
  const before = world.time.now()
  await world.run(['check', '--probe'])
  expect(world.time.now() - before).toBeGreaterThanOrEqual(15 * second)
  expect(world.time.now() - before).toBeLessThan(17 * second)
})

it('asks in two words, with the least thinking, and one account after the other', async () => {
  const { world, keys } = await signedIn({ names: ['ada', 'grace', 'barbara'] })
  const ran = await world.run(['check', '--probe', '--model', 'gpt-5.5-high'])
  expect(ran).toMatchObject({ code: 0, talk: '' })
  const requests = world.upstream.journal.requestsOf()
  expect(requests.map(keyOf)).toEqual(keys)
  for (const { body } of requests)
    expect(body).toMatchObject({
      ...{ model: 'gpt-5.5', stream: true, store: false, reasoning: { effort: 'none' } },
      input: [{ role: 'user', content: [{ text: 'Say yes.' }] }],
    })
})

it('leaves alone whom routing leaves alone, and whose token has ended', async () => {
  const names = ['ada', 'grace', 'barbara', 'edsger']
  const { world, keys } = await signedIn({ names, stale: ['edsger'] })
  const [, grace = '', barbara = ''] = keys
  await world.run(['disable', 'ada'])
  const state = RuntimeState.apply({
    ...{ _tag: 'Cooled', account: barbara, at: noon },
    cooldown: Cooldown.cooling(noon + 2 * hour, 'rate-limited', O.some('five-hour')),
  })(RuntimeState.empty)
  await put(world, layout.runtimeState, RuntimeFile.print(state, noon + minute))
  const ran = await world.run(['check', '--probe'])
  expectGolden('check-probe', ran.answer)
  expect(ran).toMatchObject({ code: 0, talk: '' })
  expect(world.upstream.journal.requestsOf().map(keyOf)).toEqual([grace])
  expect(world.upstream.journal.refreshes()).toEqual([])
  const { data } = documentOf(await world.run(['check', '--probe', '--json']))
  expect(data.accounts.map(({ probe }: { probe: object }) => probe)).toMatchObject([
    { outcome: 'skipped', reason: 'disabled', status: null },
    { outcome: 'served' },
    { outcome: 'skipped', reason: 'rate-limited', until: new Date(noon + 2 * hour).toISOString() },
    { outcome: 'token-ended', status: null },
  ])
})

it('asks no further fresh account after the third sign-in that was taken back', async () => {
  const names = ['ada', 'grace', 'barbara', 'edsger']
  const { world, keys } = await signedIn({ names })
  for (const key of keys) world.upstream.always(key, Behaviour.unauthorized('token_revoked'))
  const { data } = documentOf(await world.run(['check', '--probe', '--json']))
  expect(data.accounts.map(({ probe }: any) => probe.outcome)).toEqual([
    ...['needs-sign-in', 'needs-sign-in', 'needs-sign-in', 'skipped'],
  ])
  expect(data.accounts[3].probe.reason).toBe('held-back')
  const [first = 0, second_ = 0] = world.upstream.journal.requestsOf().map(({ at }) => at)
  expect(second_ - first).toBeGreaterThanOrEqual(second)
})

it('asks for the model of the last request', async () => {
  const { world } = await signedIn({ names: ['ada'] })
  await put(
    world,
    layout.decisions,
    `${JSON.stringify({
      ...{ at: new Date(noon).toISOString(), event: Explanation.event, conversation: 'talk' },
      ...Explanation.toStored(noon, Pool.empty, O.some('gpt-5.4'))({ chosen: O.none, trace: [] }),
    })}\n`,
  )
  const { data } = documentOf(await world.run(['check', '--probe', '--json']))
  expect(data.model).toBe('gpt-5.4')
})

it('says who must act where no account can serve', async () => {
  const lost = await alone(Behaviour.unauthorized('token_revoked'))
  expect(await lost.world.run(['check', '--probe'])).toMatchObject({
    code: 4,
    talk: 'Warning: No account can serve. Sign in: codex-multi-auth login\n',
  })
  const limited = await alone(Behaviour.usageLimit(2 * hour))
  expect(await limited.world.run(['check', '--probe'])).toMatchObject({
    code: 3,
    talk: 'Warning: No account can serve now. Try again in 2 h.\n',
  })
  const spared = await signedIn({ names: [] })
  expect(await spared.world.run(['check', '--probe'])).toMatchObject({ code: 4 })
})

it('takes a model for a probe alone', async () => {
  const { world } = await alone(Behaviour.ok)
  expect(await world.run(['check', '--model', 'gpt-5.4'])).toMatchObject({ code: 2 })
  expect(world.upstream.journal.requestsOf()).toEqual([])
})
