/** Which account a request goes to, and how soon it is noticed that something about them has changed. */
import * as O from 'fp-ts/Option'
import { ok } from 'neverthrow'
import * as Account from '../../../core/accounts/account'
import * as Policy from '../../../core/accounts/policy'
import * as Pool from '../../../core/accounts/pool'
import * as PoliciesFile from '../../../core/storage/policies-file'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { hour, minute, second, since } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import * as Refusal from '../../../entrypoints/embed/testing/refusal'
import { changePolicy } from '../../../entrypoints/programs/policies'
import { changePool } from '../../../entrypoints/programs/pool'
import { ask, openEngine, triedBy, type Engine } from '../../support/engine'
import { keepOnly, keyOf, layout, makeWorld, portsOf, spreadingWorld } from '../../support/world'

describe('a conversation', () => {
  const askIn = (engine: Engine, conversation: string, parent?: string) =>
    engine.world.time.run(() =>
      ask(engine, { conversation, ...(parent === undefined ? {} : { parent }) }),
    )
  const lastName = (engine: Engine): string => engine.attempts.at(-1)?.name ?? ''

  it('that starts in the same moment as others goes to another account', async () => {
    const world = await spreadingWorld()
    const engine = await openEngine(world)
    await world.time.run(() =>
      Promise.all(world.people.map((_, index) => ask(engine, { conversation: `talk-${index}` }))),
    )
    expect(new Set(engine.attempts.map(({ name }) => name)).size).toBe(world.people.length)
  })

  it('stays with its account, while another one starts elsewhere', async () => {
    const world = await spreadingWorld()
    const engine = await openEngine(world)
    const served: Array<string> = []
    for (const conversation of ['one', 'two', 'one', 'three', 'two', 'one']) {
      await askIn(engine, conversation)
      served.push(lastName(engine))
    }
    expect(served).toEqual(['ada', 'grace', 'ada', 'barbara', 'grace', 'ada'])
  })

  it('of a sub-agent starts with the account of its parent', async () => {
    const world = await spreadingWorld()
    const engine = await openEngine(world)
    await askIn(engine, 'one')
    await askIn(engine, 'two')
    await askIn(engine, 'title', 'two')
    expect(lastName(engine)).toBe('grace')
  })

  it('stays with its account in another process too', async () => {
    const world = await spreadingWorld()
    const engine = await openEngine(world)
    await askIn(engine, 'one')
    await askIn(engine, 'two')
    await world.time.run(engine.close)
    const other = await openEngine(world, { name: 'other' })
    await askIn(other, 'two')
    expect(lastName(other)).toBe('grace')
  })

  it('moves when its account cannot serve, and comes back no more while that is warm', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    await askIn(engine, 'one')
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.usageLimit(minute)])
    await askIn(engine, 'one')
    expect(lastName(engine)).toBe('grace')
    world.time.shiftClock(2 * minute)
    await askIn(engine, 'one')
    expect(lastName(engine)).toBe('grace')
  })

  it.each([
    { name: 'after twenty minutes of idleness', environment: {}, because: 'warm-conversation' },
    {
      name: 'or as soon as the person has set',
      environment: { CODEX_AUTH_SESSION_AFFINITY_TTL_MS: '60000' },
      because: 'hybrid',
    },
    {
      name: 'or when there are more than the person has set',
      environment: { CODEX_AUTH_SESSION_AFFINITY_MAX_ENTRIES: '8' },
      because: 'hybrid',
    },
  ])('is forgotten $name', async ({ because, environment }) => {
    const world = await spreadingWorld()
    const engine = await openEngine(world, { environment })
    await askIn(engine, 'one')
    world.time.shiftClock(2 * minute)
    for (let n = 0; n < 8; n += 1) await askIn(engine, `other-${n}`)
    await askIn(engine, 'one')
    expect(engine.decisions.at(-1)?.[1].chosen).toMatchObject(O.some({ because }))
  })

  it('goes to accounts alone that have a tag which the person asks for', async () => {
    const world = await spreadingWorld()
    const policies = { [keyOf(world, 'barbara')]: { ...Policy.standard, tags: ['work'] } }
    world.write(layout.policies, PoliciesFile.print(policies)('{}'))
    const engine = await openEngine(world, { environment: { CODEX_AUTH_REQUIRED_TAGS: 'Work' } })
    for (const conversation of ['one', 'two', 'one']) await askIn(engine, conversation)
    expect(engine.attempts.map(({ name }) => name)).toEqual(['barbara', 'barbara', 'barbara'])
  })

  it('is forgotten by time', async () => {
    const world = await makeWorld({ names: ['ada', 'grace'] })
    const engine = await openEngine(world)
    await askIn(engine, 'one')
    await askIn(engine, 'two')
    world.time.shiftClock(hour)
    await askIn(engine, 'two')
    expect(lastName(engine)).toBe('ada')
  })

  it('follows a switch made by another process at its next request', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    await askIn(engine, 'one')
    const other = portsOf(world, world.time.process('switch'))
    const pinned = await world.time.run(() =>
      changePool(other, layout)(Pool.pin(keyOf(world, 'barbara'))),
    )
    expect(pinned.isOk()).toBe(true)
    await askIn(engine, 'one')
    expect(lastName(engine)).toBe('barbara')
  })

  it('leaves an account that another process pauses at its next request', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    const other = portsOf(world, world.time.process('pause'))
    const pause = (isPaused: boolean) =>
      world.time.run(() =>
        changePolicy(other, layout)(() => ok(keyOf(world, 'ada')), Policy.pause(isPaused)),
      )
    await askIn(engine, 'one')
    expect(lastName(engine)).toBe('ada')
    expect((await pause(true)).isOk()).toBe(true)
    await askIn(engine, 'one')
    await askIn(engine, 'two')
    expect(engine.attempts.slice(1).map(({ name }) => name)).not.toContain('ada')
    expect((await pause(false)).isOk()).toBe(true)
    await askIn(engine, 'three')
    expect(lastName(engine)).toBe('ada')
  })

  it('comes back to the pinned account when that can serve again', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    const other = portsOf(world, world.time.process('switch'))
    const pinned = await world.time.run(() =>
      changePool(other, layout)(Pool.pin(keyOf(world, 'barbara'))),
    )
    expect(pinned.isOk()).toBe(true)
    await askIn(engine, 'one')
    expect(lastName(engine)).toBe('barbara')
    world.upstream.script(keyOf(world, 'barbara'), [Behaviour.usageLimit(minute)])
    await askIn(engine, 'one')
    expect(lastName(engine)).toBe('ada')
    world.time.shiftClock(2 * minute)
    await askIn(engine, 'one')
    expect(lastName(engine)).toBe('barbara')
  })
})

describe('what the person wants of an account', () => {
  it.each([
    { name: 'paused', change: Policy.pause(true), served: ['ada', 'grace', 'barbara'] },
    { name: 'draining', change: Policy.drain(true), served: ['ada', 'ada', 'grace'] },
    { name: 'of a later tier', change: Policy.place(2), served: ['ada', 'ada', 'grace'] },
  ])('counts from the next request on: $name', async ({ change, served }) => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    await world.time.run(() => ask(engine, { conversation: 'one' }))
    const other = portsOf(world, world.time.process('account'))
    const changed = await world.time.run(() =>
      changePolicy(other, layout)(() => ok(keyOf(world, 'ada')), change),
    )
    expect(changed.isOk()).toBe(true)
    for (const conversation of ['one', 'new'])
      await world.time.run(() => ask(engine, { conversation }))
    expect(engine.attempts.map(({ name }) => name)).toEqual(served)
  })
})

describe('after a switch', () => {
  it('conversations are tied anew, and keep to that', async () => {
    const world = await spreadingWorld()
    const other = portsOf(world, world.time.process('switch'))
    const switched = await world.time.run(() =>
      changePool(other, layout)((pool) => Pool.pin(keyOf(world, 'ada'))(pool).map(Pool.unpin)),
    )
    expect(switched.isOk()).toBe(true)
    const engine = await openEngine(world)
    for (const conversation of ['one', 'two', 'two', 'one'])
      await world.time.run(() => ask(engine, { conversation }))
    expect(engine.attempts.map(({ name }) => name)).toEqual(['ada', 'grace', 'grace', 'ada'])
  })
})

describe('the accounts', () => {
  it('show what is left of their quota in each answer, and the next conversation heeds it', async () => {
    const world = await makeWorld()
    const used = { ada: 60, grace: 30, barbara: 90 }
    for (const [name, usedPercent] of Object.entries(used))
      world.upstream.setQuota(keyOf(world, name), { windows: [{ usedPercent }, {}] })
    const engine = await openEngine(world)
    for (const conversation of ['one', 'two', 'three'])
      await world.time.run(() => ask(engine, { conversation }))
    await world.time.run(engine.close)
    const { quotas } = RuntimeFile.parse('', world.text(layout.quota))
    const seen = Object.keys(used).map(
      (name) => quotas[keyOf(world, name)]?.windows[0]?.usedPercent,
    )
    expect(seen).toEqual([60, 30, 90])
    world.time.shiftClock(30 * minute)
    await world.time.run(() => ask(engine, { conversation: 'four' }))
    expect(engine.attempts.at(-1)?.name).toBe('grace')
  })

  it('show it in a refusal too', async () => {
    const world = await makeWorld()
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.usageLimit(hour)])
    const engine = await openEngine(world)
    await world.time.run(() => ask(engine))
    await world.time.run(engine.close)
    const { quotas } = RuntimeFile.parse('', world.text(layout.quota))
    expect(quotas[keyOf(world, 'ada')]?.windows[0]).toMatchObject({
      usedPercent: 100,
      resetsAt: O.some(world.time.now() + hour),
    })
  })

  it('show it in the body of a refusal, where nothing else tells', async () => {
    const world = await makeWorld()
    const resets = { resets_at: (world.time.now() + hour) / second }
    const error = { type: 'usage_limit_reached', plan_type: 'free', ...resets }
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.refuses(Refusal.json(429, { error }))])
    const engine = await openEngine(world)
    await world.time.run(() => ask(engine))
    await world.time.run(engine.close)
    const state = RuntimeFile.parse(world.text(layout.runtimeState), world.text(layout.quota))
    expect(RuntimeState.quotaOf(keyOf(world, 'ada'))(state)).toMatchObject({
      value: {
        ...{ source: 'refusal', windows: [{ kind: 'five-hour', usedPercent: 100 }] },
        plan: { value: { name: 'free' } },
      },
    })
  })

  it('that another process found exhausted are not asked', async () => {
    const world = await makeWorld()
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.usageLimit(hour)])
    const first = await openEngine(world)
    const second = await openEngine(world, { name: 'second' })
    await world.time.run(() => ask(first))
    await world.time.run(first.close)
    await world.time.run(() => ask(second))
    expect(second.attempts.map(({ name }) => name)).toEqual(['grace'])
  })

  it('that were removed meanwhile are not asked, also not by a request under way', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    await world.time.run(() => ask(engine, { conversation: 'one' }))
    world.upstream.always(keyOf(world, 'ada'), Behaviour.slow(second, Behaviour.serverFault(500)))
    const asking = ask(engine, { conversation: 'one', id: 'under way' })
    await world.time.run(() =>
      world.time.process('remove').call('remove', () => keepOnly(world, ['ada', 'barbara']), {
        after: 500,
      }),
    )
    await world.time.run(() => asking)
    expect(triedBy(engine, 'under way')).toEqual(['ada', 'barbara'])
    keepOnly(world, ['ada'])
    world.upstream.unscript()
    world.time.shiftClock(minute)
    await world.time.run(() => ask(engine, { conversation: 'one', id: 'next' }))
    expect(triedBy(engine, 'next')).toEqual(['ada'])
  })

  it('that were disabled meanwhile are not asked', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    await world.time.run(() => ask(engine, { conversation: 'one' }))
    const other = portsOf(world, world.time.process('disable'))
    const disabled = await world.time.run(() =>
      changePool(
        other,
        layout,
      )((pool) =>
        Pool.pin(keyOf(world, 'grace'))(pool).map((pinned) => ({
          ...pinned,
          pinned: O.none,
          accounts: pinned.accounts.map((account) => ({
            ...account,
            enabled: Account.key(account) !== keyOf(world, 'ada'),
          })),
        })),
      ),
    )
    expect(disabled.isOk()).toBe(true)
    await world.time.run(() => ask(engine, { conversation: 'one' }))
    expect(engine.attempts.at(-1)?.name).toBe('grace')
  })

  it('that cannot be read refuse the request, and stay as they were for one under way', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.slow(second, Behaviour.serverFault(500))])
    const asking = ask(engine)
    await world.time.run(() =>
      world.time.process('damage').call('damage', () => world.write(layout.pool, '{'), {
        after: 500,
      }),
    )
    expect((await world.time.run(() => asking)).status).toBe(200)
    await expect(world.time.run(() => ask(engine))).rejects.toMatchObject({
      data: { value: { _tag: 'PoolUnreadable' } },
    })
  })
})

it('serves from the copy of the pool when its file is missing at the first request', async () => {
  const world = await makeWorld()
  world.write(layout.poolKept, world.text(layout.pool))
  world.disk.unlink(layout.pool, world.time.now())
  const engine = await openEngine(world)
  expect((await world.time.run(() => ask(engine))).status).toBe(200)
})

describe('a disk that takes no notes', () => {
  it('costs no request: what was seen counts all the same, as long as we run', async () => {
    const world = await makeWorld({
      disturb: ({ process, label }) =>
        process === 'engine' && /files\.(open|mkdir|rename|read) .*(runtime|quota)/.test(label)
          ? { _tag: 'Fail', code: 'ENOSPC' }
          : { _tag: 'None' },
    })
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.usageLimit(hour)])
    const engine = await openEngine(world)
    for (const id of ['first', 'second'])
      expect((await world.time.run(() => ask(engine, { id, conversation: 'one' }))).status).toBe(
        200,
      )
    await world.time.run(engine.close)
    expect(triedBy(engine, 'first')).toEqual(['ada', 'grace'])
    expect(triedBy(engine, 'second')).toEqual(['grace'])
    expect(world.text(layout.runtimeState)).toBe('')
  })
})

describe('a request that waits for its account to come back', () => {
  const askWhile = async (environment: Readonly<Record<string, string>>) => {
    const world = await makeWorld()
    const everybody = world.text(layout.pool)
    keepOnly(world, ['ada'])
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.usageLimit(4 * second)])
    const engine = await openEngine(world, { environment })
    const asking = ask(engine, { id: 'waiting' })
    const signIn = world.time
      .process('login')
      .call('login', () => world.write(layout.pool, everybody), { after: 500 })
    const { status, startedAt, headAt } = await world.time.run(async () => {
      await signIn
      return asking
    })
    return { status, names: triedBy(engine, 'waiting'), waited: since(startedAt, headAt) }
  }

  it('is served by one that signs in meanwhile', async () => {
    const { names, status, waited } = await askWhile({})
    expect([status, ...names]).toEqual([200, 'ada', 'grace'])
    expect(waited).toBeLessThan(2.5 * second)
  })

  it('is told of it at once, however seldom it looks', async () => {
    const seldom = { CODEX_AUTH_LIVE_ACCOUNT_SYNC_POLL_MS: '60000' }
    const { names, status, waited } = await askWhile(seldom)
    expect([status, ...names]).toEqual([200, 'ada', 'grace'])
    expect(waited).toBeLessThan(second)
  })

  it('waits for its own where nothing is to be noticed', async () => {
    const { names, status, waited } = await askWhile({ CODEX_AUTH_LIVE_ACCOUNT_SYNC: 'off' })
    expect([status, ...names]).toEqual([200, 'ada', 'ada'])
    expect(waited).toBeGreaterThan(3 * second)
  })
})
