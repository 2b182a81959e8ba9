import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as Cooldown from '../../../core/health/cooldown'
import * as Window from '../../../core/quota/window'
import * as PoolFile from '../../../core/storage/pool-file'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { day, hour, minute } from '../../../core/time'
import * as O from 'fp-ts/Option'
import { cliWorld, documentOf, layout, noon } from '../../support/cli'
import { expectGolden } from '../../support/golden'
import { accountOf } from '../../support/tokens'

const fixture = (name: string) =>
  readFileSync(join(__dirname, '../../fixtures/existing-tool', name), 'utf8')

const existing = { [layout.pool]: fixture('openai-codex-accounts.json') }

const key = (name: string, number: number) =>
  `acc-${name}-0000-4000-8000-00000000000${number}/user-${name}`

/** Ada is limited, Edsger cools, and of both something is known. */
const observed = [
  {
    _tag: 'Cooled' as const,
    at: noon,
    account: key('ada', 1),
    cooldown: Cooldown.cooling(noon + 2 * hour, 'rate-limited', O.some('five-hour')),
  },
  {
    _tag: 'Cooled' as const,
    at: noon,
    account: key('edsger', 3),
    cooldown: Cooldown.cooling(noon + 90_000, 'credential'),
  },
  {
    _tag: 'QuotaSeen' as const,
    account: key('ada', 1),
    snapshot: {
      observedAt: noon - 3 * minute,
      source: 'headers' as const,
      plan: O.none,
      windows: [
        Window.make(5 * hour, 100, O.some(noon + 2 * hour)),
        Window.make(7 * day, 61, O.some(noon + 3 * day)),
      ],
    },
  },
  {
    _tag: 'Tied' as const,
    conversation: 'thread-1',
    tie: { account: key('ada', 1), servedAt: noon - 4 * minute, generation: 8 },
  },
].reduce((state, one) => RuntimeState.apply(one)(state), RuntimeState.empty)

const lived = {
  ...existing,
  [layout.runtimeState]: RuntimeFile.print(observed, noon),
  [layout.quota]: RuntimeFile.printQuota(observed, fixture('quota-cache.json')),
}

const odd = [
  {
    accountId: 'acc-1',
    userId: 'user-a',
    email: 'ada@mail.test',
    label: '\u001b[2Jwork\u0007\u202e',
  },
  { accountId: 'acc-2', userId: 'user-b', email: `${'b'.repeat(60)}@mail.test`, label: undefined },
  { accountId: 'acc-3', userId: 'user-c', email: '名前@mail.test', label: '仕事の口座' },
].reduce(
  (pool, { label, ...person }) =>
    Pool.signIn({ ...accountOf(person, noon), label: O.fromNullable(label) })(pool),
  Pool.empty,
)

const scenes = [
  { name: 'empty', files: {} },
  { name: 'existing-tool', files: existing },
  { name: 'lived', files: lived },
  { name: 'odd-names', files: { [layout.pool]: PoolFile.print(odd) } },
]

describe.each(['list', 'status'])('%s', (command) => {
  it.each(scenes)('shows $name', async ({ name, files }) => {
    const world = await cliWorld({ files })
    const ran = await world.run([command])
    expect(ran).toMatchObject({ code: 0, talk: '' })
    expectGolden(`${command}-${name}`, ran.answer)
    for (const line of ran.answer.split('\n')) expect(line).not.toMatch(/[\u0000-\u001f\u202e]/)
  })

  it.each(scenes)('answers with one document of its form: $name', async ({ files }) => {
    const world = await cliWorld({ files })
    const document = documentOf(await world.run([command, '--json']))
    expect(document).toMatchObject({ schemaVersion: 1, command, ok: true, warnings: [] })
  })

  it('changes nothing on disk', async () => {
    const world = await cliWorld({ files: lived })
    const before = world.disk.snapshot()
    await world.run([command])
    expect(world.disk.snapshot()).toEqual(before)
    expect(world.network.exchanges).toEqual([])
  })

  it('shows who rests after faults, as long as another can serve', async () => {
    const statuses = async (...resting: ReadonlyArray<1 | 3>) => {
      const rest = Cooldown.cooling(noon + 20_000, 'provider')
      const state = resting.reduce(
        (before, number) =>
          RuntimeState.apply({
            ...{ _tag: 'Cooled', at: noon, cooldown: rest },
            account: key(number === 1 ? 'ada' : 'edsger', number),
          })(before),
        RuntimeState.empty,
      )
      const files = { ...existing, [layout.runtimeState]: RuntimeFile.print(state, noon) }
      const { data } = documentOf(await (await cliWorld({ files })).run([command, '--json']))
      return [data.accounts[0].status, data.accounts[2].status, data.pool.ready]
    }
    expect(await statuses(1)).toEqual(['cooling', 'ready', 1])
    expect(await statuses(1, 3)).toEqual(['ready', 'ready', 2])
  })

  it.each([
    { name: 'the other takes nothing new', commands: ['account drain 3'] },
    {
      name: 'only the active account is asked',
      commands: ['switch 1', 'unpin', 'config set schedulingStrategy manual'],
    },
  ])('shows nobody as resting where $name', async ({ commands }) => {
    const rest = Cooldown.cooling(noon + 20_000, 'provider')
    const account = key('ada', 1)
    const state = RuntimeState.apply({ _tag: 'Cooled', account, at: noon, cooldown: rest })(
      RuntimeState.empty,
    )
    const files = { ...existing, [layout.runtimeState]: RuntimeFile.print(state, noon) }
    const world = await cliWorld({ files })
    for (const one of commands) expect(await world.run(one.split(' '))).toMatchObject({ code: 0 })
    const { data } = documentOf(await world.run([command, '--json']))
    expect(data.accounts[0]).toMatchObject({ status: 'ready', reasons: [] })
    expect(documentOf(await world.run(['why', '--json'])).data.chosen).toBe(account)
  })

  it('shows no token', async () => {
    const world = await cliWorld({ files: existing })
    const { answer } = await world.run([command, '--json'])
    for (const { credential } of PoolFile.parse(existing[layout.pool] ?? '')._unsafeUnwrap()
      .accounts) {
      expect(answer).not.toContain(credential.refresh.reveal())
      expect(answer).not.toContain(O.toUndefined(credential.access)?.reveal())
    }
  })

  it('names the plan that was told last', async () => {
    const told = RuntimeState.apply({
      ...{ _tag: 'PlanTold', account: key('ada', 1) },
      plan: { name: 'promax', at: noon },
    })(observed)
    const files = { ...lived, [layout.quota]: RuntimeFile.printQuota(told, '') }
    const world = await cliWorld({ files })
    expect(documentOf(await world.run([command, '--json']))).toMatchObject({
      data: { accounts: expect.arrayContaining([expect.objectContaining({ plan: 'promax' })]) },
    })
    expect((await world.run([command])).answer).toContain('promax')
  })

  it('says which setting it passes over', async () => {
    const world = await cliWorld({
      files: existing,
      environment: { CODEX_AUTH_SCHEDULING_STRATEGY: 'roulette' },
    })
    expect((await world.run([command])).talk).toMatch(
      /^Warning: CODEX_AUTH_SCHEDULING_STRATEGY is /,
    )
    expect(documentOf(await world.run([command, '--json'])).warnings).toHaveLength(1)
  })
})

it('tells a program all there is to know of an account', async () => {
  const world = await cliWorld({ files: lived })
  const { data } = documentOf(await world.run(['list', '--json']))
  expect(data.pool).toEqual({
    store: layout.pool,
    active: key('edsger', 3),
    pinned: key('edsger', 3),
    strategy: 'hybrid',
    routing: 'automatic',
    ready: 0,
    total: 4,
  })
  expect(data.accounts[0]).toEqual({
    key: key('ada', 1),
    number: 1,
    email: 'ada@mail.test',
    label: 'Label ada',
    accountId: 'acc-ada-0000-4000-8000-000000000001',
    plan: 'plus',
    enabled: true,
    active: false,
    pinned: false,
    status: 'limited',
    reasons: ['rate-limited'],
    quota: {
      windows: [
        {
          kind: 'five-hour',
          usedPercent: 100,
          windowMinutes: 300,
          resetsAt: '2026-11-22T14:00:00.000Z',
          observedAt: '2026-11-22T11:57:00.000Z',
        },
        {
          kind: 'weekly',
          usedPercent: 61,
          windowMinutes: 10_080,
          resetsAt: '2026-11-25T12:00:00.000Z',
          observedAt: '2026-11-22T11:57:00.000Z',
        },
      ],
    },
    lastUsedAt: '2026-11-22T11:56:00.000Z',
  })
  expect(data.accounts.map(({ status }: { status: string }) => status)).toEqual([
    'limited',
    'disabled',
    'cooling',
    'needs-sign-in',
  ])
})

it('is as wide as the terminal, within reason', async () => {
  const world = await cliWorld({
    files: { [layout.pool]: PoolFile.print(odd) },
    columns: 50,
    isInteractive: true,
  })
  const { answer } = await world.run(['list'])
  for (const line of answer.split('\n')) expect(line.length).toBeLessThanOrEqual(50)
})

describe('a pool that cannot be read', () => {
  it.each([
    { name: 'half a file', text: '{"version":3,"acc', code: 'pool-malformed' },
    { name: 'an empty record', text: '{}', code: 'pool-malformed' },
    { name: 'a list', text: '[]', code: 'pool-malformed' },
    { name: 'null', text: 'null', code: 'pool-malformed' },
    { name: 'a future version', text: '{"version":99}', code: 'pool-unknown-version' },
  ])('is exit 5 and is left alone: $name', async ({ text, code }) => {
    const world = await cliWorld({ files: { [layout.pool]: text } })
    const ran = await world.run(['list', '--json'])
    expect(ran.code).toBe(5)
    const document = documentOf(ran)
    expect(document).toMatchObject({ command: 'list', ok: false, error: { code } })
    expect(document.error.message).toContain(layout.pool)
    expect(world.text(layout.pool)).toBe(text)
    expect((await world.run(['list'])).talk).toMatch(/^Error: .+\n.+\n$/)
  })

  it('names the place that is wrong', async () => {
    const text = '{"version":3,"accounts":{}}'
    const world = await cliWorld({ files: { [layout.pool]: text } })
    expect((await world.run(['list'])).talk).toBe(
      `Error: ${layout.pool} holds no accounts (at accounts): Array<unknown> expected. It was left alone.\n` +
        'Move it away, then sign in again: codex-multi-auth login\n',
    )
  })

  it('for want of permission says so', async () => {
    const world = await cliWorld({
      files: existing,
      disturb: ({ label }) =>
        label === `files.read ${layout.pool}` ? { _tag: 'Fail', code: 'EACCES' } : { _tag: 'None' },
    })
    const ran = await world.run(['list'])
    expect(ran.code).toBe(5)
    expect(ran.talk).toBe(
      `Error: ${layout.pool} cannot be used: permission denied.\nMake it readable and writable for your user.\n`,
    )
  })
})

it('keeps accounts in the order of the pool', () => {
  expect(odd.accounts.map(Account.key)).toEqual(['acc-1/user-a', 'acc-2/user-b', 'acc-3/user-c'])
})
