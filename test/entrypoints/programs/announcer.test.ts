import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as Cooldown from '../../../core/health/cooldown'
import { select } from '../../../core/routing/selection'
import { hour } from '../../../core/time'
import { openAnnouncer, type Announcer } from '../../../entrypoints/programs/announcer'
import { candidatesOf, type Known } from '../../../entrypoints/programs/world'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { noon, worldOf } from '../../support/routing'
import { standardSettings } from '../../support/settings'
import { accountOf } from '../../support/tokens'

const accountNamed = (name: string): Account.Account =>
  accountOf({ accountId: `acc-${name}`, userId: name, email: `${name}@mail.test` }, noon, name)

const ada = accountNamed('ada')
const grace = accountNamed('grace')

const knownOf = (pool: Pool.Pool, state = RuntimeState.empty): Known => ({
  pool,
  settings: standardSettings,
  world: worldOf(candidatesOf(noon, pool, state), { pinned: pool.pinned }),
})

const poolOf = (...accounts: ReadonlyArray<Account.Account>): Pool.Pool => ({
  ...Pool.empty,
  accounts,
})

const both = knownOf(poolOf(ada, grace))

const limited = (account: Account.Account, pool = both.pool): Known =>
  knownOf(
    pool,
    RuntimeState.apply({
      _tag: 'Cooled',
      account: Account.key(account),
      at: noon,
      cooldown: Cooldown.cooling(noon + hour, 'rate-limited', O.some('weekly')),
    })(RuntimeState.empty),
  )

const open = (isKept = false, isStrict = false) => {
  const said: Array<string> = []
  return { said, announcer: openAnnouncer((text) => said.push(text), isKept, isStrict) }
}

/** One request, served by this account in the end. */
const serve = (
  { decided, served }: Announcer,
  account: Account.Account,
  known: Known,
  conversation = 'thread',
): void => {
  decided(conversation, select({ ...known.world, now: noon, tried: [] }), known)
  served(conversation, Account.key(account), known, noon)
}

it('says nothing when conversations of one session live on different accounts', () => {
  const { announcer, said } = open()
  for (const _ of [1, 2]) {
    serve(announcer, ada, both, 'main')
    serve(announcer, grace, knownOf(poolOf(grace)), 'title')
  }
  announcer.close()
  expect(said).toEqual([])
})

it('says nothing while the same account serves', () => {
  const { announcer, said } = open()
  for (const _ of [1, 2, 3]) serve(announcer, ada, both)
  announcer.close()
  expect(said).toEqual([])
})

it('says in one line who serves now and why, when that changes', () => {
  const { announcer, said } = open()
  serve(announcer, ada, both)
  serve(announcer, grace, limited(ada))
  serve(announcer, grace, limited(ada))
  expect(said).toEqual([
    expect.stringMatching(
      /^codex-multi-auth: grace@mail\.test serves now: ada@mail\.test is rate limited \(weekly\), .*\n$/,
    ),
  ])
  serve(announcer, ada, both)
  expect(said.slice(1)).toEqual(['codex-multi-auth: ada@mail.test serves now\n'])
  announcer.close()
  expect(said).toHaveLength(2)
})

it('says so already of the first request, when not the account serves that was to', () => {
  const { announcer, said } = open()
  serve(announcer, grace, both)
  expect(said).toHaveLength(1)
})

it('takes the pinned account for the one that was to serve', () => {
  const pool = { ...both.pool, pinned: O.some(Account.key(grace)) }
  const { announcer, said } = open()
  serve(announcer, ada, limited(grace, pool))
  expect(said).toEqual([
    expect.stringMatching(
      /^codex-multi-auth: ada@mail\.test serves now: grace@mail\.test is rate limited .*\n$/,
    ),
  ])
})

it('speaks of an account that is gone meanwhile as just that', () => {
  const { announcer, said } = open()
  serve(announcer, ada, both)
  serve(announcer, grace, knownOf(poolOf(grace)))
  expect(said).toEqual(['codex-multi-auth: grace@mail.test serves now\n'])
  serve(announcer, ada, both)
  announcer.served('thread', 'nobody/here', both, noon)
  expect(said.at(-1)).toBe('codex-multi-auth: an account that is gone serves now\n')
})

it('says once that no account can serve, and not when one comes back by itself', () => {
  const { announcer, said } = open()
  announcer.gaveUp(
    'thread',
    { _tag: 'AllBarred', soonest: O.some(noon + hour), isLimited: true },
    noon,
  )
  announcer.gaveUp('thread', { _tag: 'BackendFails', code: 'http_500' }, noon)
  expect(said).toEqual([])
  for (const _ of [1, 2])
    announcer.gaveUp('thread', { _tag: 'AllBarred', soonest: O.none, isLimited: true }, noon)
  expect(said).toEqual([
    'codex-multi-auth: no account can serve. Sign one in: codex-multi-auth login\n',
  ])
})

it('says once who alone can read a conversation, and why that one cannot', () => {
  const { announcer, said } = open()
  const known = limited(ada)
  const bound = O.some({ account: Account.key(ada), kind: 'compaction' as const, at: noon })
  const selection = select({ ...known.world, bound, now: noon, tried: [] })
  announcer.decided('thread', selection, known)
  for (const _ of [1, 2])
    announcer.gaveUp(
      'thread',
      { _tag: 'AllBarred', soonest: O.some(noon + hour), isLimited: true },
      noon,
    )
  expect(said).toEqual([
    `codex-multi-auth: only ${Account.name(ada)} can read this conversation, which it has compacted, and it is rate limited (weekly), back in 1 h. A new conversation is served by the others\n`,
  ])
})

it('says that it waits, and that one model answers in place of another', () => {
  const { announcer, said } = open()
  announcer.rested(noon + 90_000, noon)
  for (const _ of [1, 2]) announcer.usedModel('gpt-5.5', 'gpt-5.4')
  expect(said).toEqual([
    expect.stringMatching(
      /^codex-multi-auth: no account can serve; the first is back in .*, waiting\n$/,
    ),
    'codex-multi-auth: no account may use gpt-5.5; gpt-5.4 answers in its place\n',
  ])
})

it('says of an account that was asked for that no other may serve', () => {
  const { announcer, said } = open(false, true)
  announcer.gaveUp('thread', { _tag: 'AllBarred', soonest: O.none, isLimited: true }, noon)
  expect(said).toEqual([
    'codex-multi-auth: the account asked for cannot serve, and no other may. See why: codex-multi-auth list\n',
  ])
})

it('expects the account that was asked for, whichever is pinned', () => {
  const { announcer, said } = open(false, true)
  const { pool, world } = both
  const known = {
    ...both,
    pool: { ...pool, pinned: O.some(Account.key(ada)) },
    world: { ...world, pinned: O.some(Account.key(ada)), strict: O.some(Account.key(grace)) },
  }
  serve(announcer, grace, known)
  expect(said).toEqual([])
})

it('keeps every line for the end where it would fall into a screen', () => {
  const { announcer, said } = open(true)
  serve(announcer, ada, both)
  serve(announcer, grace, limited(ada))
  for (const _ of [1, 2]) announcer.frontIsDead(Account.name(ada))
  announcer.gaveUp('thread', { _tag: 'AllBarred', soonest: O.none, isLimited: true }, noon)
  serve(announcer, ada, both)
  expect(said).toEqual([])
  announcer.close()
  expect(said).toEqual([
    expect.stringMatching(/^codex-multi-auth: Codex reports .*harmless.*\n$/),
    expect.stringMatching(/^codex-multi-auth: no account can serve.*\n$/),
    'codex-multi-auth: the serving account changed 2 times in this session.\n',
  ])
})

it('prints no control character raw, wherever it comes from', () => {
  const wild = '\u001b[2J\r\n\u202eevil'
  const labelled = { ...ada, label: O.some(`ada${wild}`) }
  const lost = Account.invalidated({ at: noon, code: `code${wild}` })({
    ...grace,
    label: O.some(`grace${wild}`),
  })
  const { announcer, said } = open()
  serve(announcer, lost, knownOf(poolOf(lost)))
  serve(announcer, labelled, knownOf(poolOf(labelled, lost)))
  serve(announcer, lost, knownOf(poolOf(labelled, lost)))
  serve(announcer, labelled, knownOf(poolOf(labelled, lost)))
  announcer.frontIsDead(Account.name(labelled))
  expect(said.length).toBeGreaterThan(2)
  expect(said.join('')).toContain('code\\u{1b}[2J')
  for (const line of said) expect(line).toMatch(/^[\x20-\x7e]+\n$/)
})
