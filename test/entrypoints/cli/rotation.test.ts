import { cliWorld, documentOf, layout, type CliWorld } from '../../support/cli'
import type { Key } from '../../../adapters/memory/prompter'

const strategyIn = (world: CliWorld): unknown =>
  JSON.parse(world.text(layout.settings) ?? '{}').pluginConfig?.schedulingStrategy

const addTo = async (world: CliWorld, name: string, ...words: ReadonlyArray<string>) => {
  const [person] = world.upstream.addPerson({ email: `${name}@mail.test` }).accounts
  world.upstream.browser.signsIn(person)
  return world.run(['login', ...words])
}

const press = (world: CliWorld, ...keys: ReadonlyArray<Key>): void => world.prompter.press(...keys)

const attended = (terms: Parameters<typeof cliWorld>[0] = {}) =>
  cliWorld({ ...terms, isInteractive: true })

const isManual = /Only the account you switched to serves[^]*\ncodex-multi-auth rotation on\n$/
const isAutomatic =
  /Requests move between your accounts by themselves[^]*\ncodex-multi-auth rotation off\n$/

describe('the second account', () => {
  it.each<{ keys: ReadonlyArray<Key>; strategy: string | undefined; said: RegExp }>([
    { keys: ['enter'], strategy: undefined, said: isAutomatic },
    { keys: ['down', 'enter'], strategy: 'manual', said: isManual },
    { keys: ['escape'], strategy: undefined, said: isAutomatic },
  ])('asks for the routing: $keys is $strategy', async ({ keys, strategy, said }) => {
    const world = await attended()
    await addTo(world, 'ada')
    expect(world.prompter.asked()).toEqual([])
    press(world, ...keys)
    const ran = await addTo(world, 'bea')
    expect(world.prompter.asked()).toHaveLength(1)
    expect(ran).toMatchObject({ code: 0, answer: 'Added account 2: bea@mail.test, plan plus\n' })
    expect(ran.talk).toMatch(said)
    expect(strategyIn(world)).toBe(strategy)
    expect((await addTo(world, 'cid')).code).toBe(0)
    expect(world.prompter.asked()).toHaveLength(1)
    expect(strategyIn(world)).toBe(strategy)
  })

  it.each([
    { name: 'without a terminal', terms: {}, words: [] },
    { name: 'in CI', terms: { isInteractive: true, environment: { CI: 'true' } }, words: [] },
    { name: 'with --json', terms: { isInteractive: true }, words: ['--json'] },
    { name: 'with -j', terms: { isInteractive: true }, words: ['-j'] },
  ])('$name asks nobody and says that it is automatic', async ({ terms, words }) => {
    const world = await cliWorld(terms)
    expect((await addTo(world, 'ada', ...words)).talk).not.toMatch(isAutomatic)
    const ran = await addTo(world, 'bea', ...words)
    expect(ran.code).toBe(0)
    expect(ran.talk).toMatch(isAutomatic)
    expect(world.prompter.asked()).toEqual([])
    expect(world.text(layout.settings)).toBeUndefined()
  })

  it.each(['manual', 'sequential', 'hybrid'])('asks nobody who has said %s', async (strategy) => {
    const world = await attended()
    await world.run(['config', 'set', 'schedulingStrategy', strategy])
    await addTo(world, 'ada')
    const ran = await addTo(world, 'bea')
    expect(world.prompter.asked()).toEqual([])
    expect(ran.talk).not.toMatch(/rotation/)
    expect(strategyIn(world)).toBe(strategy)
  })

  it('is there, though the choice could not be kept', async () => {
    const world = await attended({ files: { [layout.settings]: 'broken' } })
    await addTo(world, 'ada')
    press(world, 'down', 'enter')
    const ran = await addTo(world, 'bea')
    expect(ran).toMatchObject({ code: 0, answer: 'Added account 2: bea@mail.test, plan plus\n' })
    expect(ran.talk).toContain('Warning: Routing stays automatic, as the choice could not be kept.')
    expect(world.text(layout.settings)).toBe('broken')
  })
})

describe('rotation', () => {
  const worldWithOne = async () => {
    const world = await cliWorld()
    await addTo(world, 'ada')
    return world
  }

  it.each([
    ['off', 'on'],
    ['disable', 'enable'],
  ])('%s lets the active account alone serve, and %s all of them', async (off, on) => {
    const world = await worldWithOne()
    const manual = await world.run(['rotation', off])
    expect(manual).toMatchObject({
      ...{ code: 0, talk: '' },
      answer:
        'Routing is manual: only account 1 serves, ada@mail.test, plan plus.\n' +
        'Let another one serve: codex-multi-auth switch ACCOUNT\n',
    })
    expect(strategyIn(world)).toBe('manual')
    expect(documentOf(await world.run(['rotation', 'status', '--json'])).data).toMatchObject({
      ...{ changed: false, pool: { routing: 'manual', strategy: 'manual' } },
    })
    expect((await world.run(['rotation', on])).answer).toBe(
      'Routing is automatic: requests move between your accounts, by strategy hybrid.\n',
    )
    expect(strategyIn(world)).toBe('hybrid')
  })

  it('on keeps a strategy that is automatic already', async () => {
    const world = await worldWithOne()
    await world.run(['config', 'set', 'schedulingStrategy', 'sequential'])
    const { data } = documentOf(await world.run(['rotation', 'on', '--json']))
    expect(data).toMatchObject({ changed: false, pool: { strategy: 'sequential' } })
  })

  it('says so where something stronger decides', async () => {
    const world = await cliWorld({ environment: { CODEX_AUTH_SCHEDULING_STRATEGY: 'hybrid' } })
    const ran = await world.run(['rotation', 'off'])
    expect(ran.code).toBe(0)
    expect(ran.answer).toMatch(/^Routing is automatic/)
    expect(ran.talk).toBe(
      'Warning: schedulingStrategy stays hybrid: CODEX_AUTH_SCHEDULING_STRATEGY says so.\n',
    )
  })

  it('off without an account names the command that adds one', async () => {
    expect((await (await cliWorld()).run(['rotation', 'off'])).answer).toBe(
      'Routing is manual, and no account is active.\nAdd one: codex-multi-auth login\n',
    )
  })

  it('leaves settings alone that cannot be read', async () => {
    const world = await cliWorld({ files: { [layout.settings]: 'broken' } })
    const ran = await world.run(['rotation', 'off', '--json'])
    expect(ran.code).toBe(5)
    expect(documentOf(ran).ok).toBe(false)
    expect(world.text(layout.settings)).toBe('broken')
  })
})
