import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import * as Account from '../../../core/accounts/account'
import * as Cooldown from '../../../core/health/cooldown'
import * as PoolFile from '../../../core/storage/pool-file'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import * as Seeding from '../../../core/storage/seeding'
import { day, hour, minute, type Instant } from '../../../core/time'
import { accountOf } from '../../support/tokens'

const now = Date.UTC(2026, 10, 22, 12)

const rowOf = (stored: Readonly<Record<string, unknown>>): Account.Account => ({
  ...accountOf({ accountId: 'acc', userId: 'user', email: 'ada@mail.test' }),
  stored,
})

const sown = (stored: Readonly<Record<string, unknown>>, before = RuntimeState.empty, at = now) => {
  const account = rowOf(stored)
  const state = RuntimeState.applyAll(Seeding.seedsOf(at, [account])(before))(before)
  return { state, cooldown: RuntimeState.cooldownOf(Account.key(account))(state) }
}

const ready = Cooldown.ready
const cooling = (until: Instant, why: Cooldown.Why) => Cooldown.cooling(until, why)

it.each([
  { name: 'nothing', stored: {}, expected: ready },
  {
    name: 'a limit',
    stored: { rateLimitResetTimes: { codex: now + hour } },
    expected: cooling(now + hour, 'rate-limited'),
  },
  {
    name: 'the longest of several limits',
    stored: { rateLimitResetTimes: { 'gpt-5-codex': now + hour, 'codex:gpt-5.5': now + 2 * hour } },
    expected: cooling(now + 2 * hour, 'rate-limited'),
  },
  {
    name: 'a limit that is over',
    stored: { rateLimitResetTimes: { codex: now - 1 } },
    expected: ready,
  },
  {
    name: 'a limit later than any window is long',
    stored: { rateLimitResetTimes: { codex: now + 300 * day } },
    expected: cooling(now + 32 * day, 'rate-limited'),
  },
  ...[
    { cooldownReason: 'auth-failure', why: 'credential' as const },
    { cooldownReason: 'rate-limit', why: 'rate-limited' as const },
    { cooldownReason: 'network-error', why: 'provider' as const },
    { cooldownReason: 'server-error', why: 'provider' as const },
    { cooldownReason: 'of a later version', why: 'provider' as const },
    { cooldownReason: 7, why: 'provider' as const },
  ].map(({ cooldownReason, why }) => ({
    name: `a cooldown by ${cooldownReason}`,
    stored: { coolingDownUntil: now + minute, cooldownReason },
    expected: cooling(now + minute, why),
  })),
  {
    name: 'a cooldown far too long',
    stored: { coolingDownUntil: now + day, cooldownReason: 'server-error' },
    expected: cooling(now + hour, 'provider'),
  },
  {
    name: 'what is none of it',
    stored: { rateLimitResetTimes: ['x'], coolingDownUntil: 'soon', lastUsed: {} },
    expected: ready,
  },
])('takes $name from a row', ({ stored, expected }) => {
  expect(sown(stored).cooldown).toEqual(expected)
})

it('remembers when an account was used last, for its turn', () => {
  const turnOf = (lastUsed: Instant) =>
    RuntimeState.standingOf('acc/user')(sown({ lastUsed }).state).turnAt
  expect(turnOf(now - hour)).toBe(now - hour)
  expect(turnOf(now + hour)).toBe(now)
})

it('asks a row once, so that what it goes on saying never comes back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), (days) => {
      const stored = { rateLimitResetTimes: { codex: now + days * day } }
      const first = sown(stored).state
      const stored2 = RuntimeFile.parse(RuntimeFile.print(first, now), '')
      const later = now + 33 * day
      expect(sown(stored, stored2, later).cooldown).toEqual(
        RuntimeState.cooldownOf('acc/user')(stored2),
      )
      const cleared = RuntimeState.withoutLimits(['acc/user'], now)(first)
      expect(sown(stored, cleared).cooldown).toEqual(ready)
    }),
  )
})

it('lets what was seen here count, whatever a row says', () => {
  const seen = RuntimeState.apply({ _tag: 'Served', account: 'acc/user', at: now })(
    RuntimeState.empty,
  )
  expect(sown({ coolingDownUntil: now + minute }, seen).cooldown).toEqual(ready)
})

it('asks again for an account that was forgotten and comes back', () => {
  const stored = { coolingDownUntil: now + minute, cooldownReason: 'rate-limit' }
  const forgotten = RuntimeState.forget('acc/user')(sown(stored).state)
  expect(sown(stored, forgotten).cooldown).toEqual(cooling(now + minute, 'rate-limited'))
})

it('takes what the existing tool has written', () => {
  const text = readFileSync(
    join(__dirname, '../../fixtures/existing-tool/openai-codex-accounts.json'),
    'utf8',
  )
  const at = 1_780_004_000_000
  const { accounts } = PoolFile.parse(text)._unsafeUnwrap()
  const state = RuntimeState.applyAll(Seeding.seedsOf(at, accounts)(RuntimeState.empty))(
    RuntimeState.empty,
  )
  const found = accounts.map((one) => RuntimeState.cooldownOf(Account.key(one))(state))
  expect(found).toEqual([
    cooling(at + 32 * day, 'rate-limited'),
    ready,
    cooling(1_780_005_000_000, 'credential'),
    ready,
  ])
})
