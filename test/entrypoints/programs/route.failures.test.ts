import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Cooldown from '../../../core/health/cooldown'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { hour, minute, second } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../../entrypoints/embed/testing/script'
import { ask, openEngine, type Answer, type Engine } from '../../support/engine'
import { layout, makeWorld, nameOf, personOf, type World } from '../../support/world'

const saidBy = (engine: Engine, { status, text, end }: Answer): string => {
  const last = engine.attempts.at(-1)
  const isTheirs = last !== undefined && last.status === status && last.text === text && text !== ''
  const whole = end === 'whole' ? '' : ', cut'
  if (isTheirs) return `${status} by ${last.name}${whole}`
  if (!text.startsWith('{')) return `${status} ${text}${whole}`
  const { error } = JSON.parse(text)
  const resets = error.resets_in_seconds === undefined ? '' : ` in ${error.resets_in_seconds} s`
  return `${status} ${error.code}${resets}${whole}`
}

const afterwards = (world: World, startedAt: number): ReadonlyArray<string> => {
  const state = RuntimeState.parse(world.text(layout.runtimeState), world.text(layout.quota))
  return world.pool().accounts.flatMap((account) => {
    const key = Account.key(account)
    const cooldown = RuntimeState.cooldownOf(key)(state)
    return [
      ...(O.isSome(account.invalidation) ? [account.invalidation.value.code] : []),
      ...(cooldown._tag === 'Cooling'
        ? [`${cooldown.why}${O.isSome(cooldown.window) ? ` (${cooldown.window.value})` : ''} for ${(cooldown.until - startedAt) / second} s`]
        : []),
    ].map((what) => `${nameOf(world, key)} ${what}`)
  })
}

const run = async (behaviour: Behaviour.Behaviour, who: string) => {
  const world = await makeWorld()
  const engine = await openEngine(world)
  const id = who === 'all' ? everyone : personOf(world, who).account.key
  world.upstream.always(id, behaviour)
  const startedAt = world.time.now()
  const answer = await world.time.run(() => ask(engine))
  await world.time.run(() => engine.close())
  return {
    said: saidBy(engine, answer),
    tried: engine.attempts.map(({ name }) => name).join(' '),
    after: afterwards(world, startedAt),
    took: (answer.endAt - startedAt) / second,
    violations: world.upstream.journal.violations(),
  }
}

const all: Record<string, Behaviour.Behaviour> = {
  usageLimit: Behaviour.usageLimit(hour),
  usageNotIncluded: Behaviour.usageNotIncluded,
  rate: Behaviour.rateLimited(),
  rate2: Behaviour.rateLimited(2 * second),
  rate2m: Behaviour.rateLimited(2 * minute),
  expired: Behaviour.unauthorized('token_expired'),
  invalidated: Behaviour.unauthorized('token_invalidated'),
  revoked: Behaviour.unauthorized('token_revoked'),
  deactivated: Behaviour.unauthorized('account_deactivated'),
  deactivatedWorkspace: Behaviour.deactivatedWorkspace,
  challenge: Behaviour.challenge,
  country: Behaviour.unsupportedCountry,
  notFoundLimit: Behaviour.usageLimitNotFound,
  contextTooLong: Behaviour.contextTooLong,
  unsupportedModel: Behaviour.unsupportedModel,
  f500: Behaviour.serverFault(500),
  f502: Behaviour.serverFault(502),
  f503: Behaviour.serverFault(503, second),
  overloaded: Behaviour.overloaded,
  reset: Behaviour.reset,
  silence: Behaviour.silence,
  slow: Behaviour.slow(100 * second),
  failedLimit: Behaviour.failed('usage_limit_reached'),
  failedRate: Behaviour.failed('rate_limit_exceeded'),
  failedOver: Behaviour.failed('server_is_overloaded'),
  failedContext: Behaviour.failed('context_length_exceeded'),
  failedQuota: Behaviour.failed('insufficient_quota'),
  errorEvent: Behaviour.errorEvent('server_error'),
  errorStart: Behaviour.errorEvent('usage_limit_reached', 'start'),
  cutStart: Behaviour.cut('start'),
  cutBefore: Behaviour.cut('before-output'),
  empty: Behaviour.emptyStream,
  stops: Behaviour.stops('before-output'),
  stalls: Behaviour.stalls('before-output'),
  stallsStart: Behaviour.stalls('start'),
  cutAfter: Behaviour.cut('after-output'),
  stopsAfter: Behaviour.stops('after-output'),
  failedAfter: Behaviour.failed('server_error', 'after-output'),
  errorAfter: Behaviour.errorEvent('usage_limit_reached', 'after-output'),
  stallsAfter: Behaviour.stalls('after-output'),
  incomplete: Behaviour.incomplete(),
  incompleteBefore: Behaviour.incomplete('x', 'before-output'),
  noStream: Behaviour.noStream(),
}

it('tries', async () => {
  const out: Array<string> = []
  const t = performance.now()
  for (const [name, behaviour] of Object.entries(all)) {
    for (const who of ['ada', 'all']) {
      out.push(name + ' ' + who + ' ' + JSON.stringify(await run(behaviour, who).catch((e) => String(e))))
    }
  }
  console.log(out.join('\n'), performance.now() - t)
})
