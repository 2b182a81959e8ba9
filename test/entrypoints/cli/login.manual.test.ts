import * as Account from '../../../core/accounts/account'
import * as PoolFile from '../../../core/storage/pool-file'
import { second } from '../../../core/time'
import { cliWorld, documentOf, home, layout, type CliWorld, type Person } from '../../support/cli'

const worldWithAda = async (isInteractive = true) => {
  const world = await cliWorld({ isInteractive })
  const person = world.upstream.addPerson({
    email: 'ada@mail.test',
    workspaces: [{ plan: 'plus' }],
  })
  world.upstream.browser.signsIn(person.accounts[0])
  return world
}

const emails = (world: CliWorld) =>
  PoolFile.parse(world.text(layout.pool) ?? '')
    ._unsafeUnwrap()
    .accounts.map(Account.name)

const asked = ['login', '--manual']

/** Opens the address on another machine, and types what is made of where it ends. */
const types =
  (...lines: ReadonlyArray<(end: URL) => string>) =>
  ({ visit, wait, terminal }: Person) => {
    const act = async () => {
      await wait(second)
      const end = new URL((await visit(/^http\S+$/m.exec(terminal.talk())?.[0] ?? '')).url)
      for (const line of lines) terminal.type(line(end))
    }
    void act()
  }

const part = (end: URL, name: string): string => end.searchParams.get(name) ?? ''

describe('a pasted answer', () => {
  it.each([
    { name: 'the address', line: (end: URL) => end.href },
    { name: 'code and state', line: (end: URL) => `${part(end, 'code')}#${part(end, 'state')}` },
    { name: 'the query', line: (end: URL) => end.search },
  ])('may be $name', async ({ line }) => {
    const world = await worldWithAda()
    const ran = await world.run(asked, 'no browser', types(line))
    expect(ran.code).toBe(0)
    expect(ran.answer).toContain('Added account 1: ada@mail.test, plan plus\n')
    expect(ran.talk).toContain('Paste the address of that page')
    expect(emails(world)).toEqual(['ada@mail.test'])
    expect(world.upstream.journal.violations()).toEqual([])
  })

  it('is read without a terminal too', async () => {
    const world = await worldWithAda(false)
    const ran = await world.run(
      [...asked, '--json'],
      'no browser',
      types((end) => end.href),
    )
    expect(documentOf(ran)).toMatchObject({ ok: true, data: { outcome: 'added' } })
  })

  it('needs no port', async () => {
    const world = await worldWithAda()
    const heard: Array<boolean> = []
    await world.run(asked, 'no browser', (person) => {
      types((end) => {
        heard.push(world.network.listeners.has(1455))
        return end.href
      })(person)
    })
    expect(heard).toEqual([false])
  })
})

describe('a text that is no answer', () => {
  it('is told of on a terminal, and the next one may be better', async () => {
    const world = await worldWithAda()
    const ran = await world.run(
      asked,
      'no browser',
      types(
        (end) => part(end, 'code'),
        () => 'https://chatgpt.com/',
        (end) => end.href,
      ),
    )
    expect(ran.code).toBe(0)
    expect(ran.talk).toContain('What was pasted holds a code without its state. Paste the whole')
    expect(ran.talk).toContain('What was pasted holds no code and no state. Paste the whole')
  })

  it.each([
    { name: 'three times on a terminal', isInteractive: true, told: 2 },
    { name: 'once without one', isInteractive: false, told: 0 },
  ])('is an error $name', async ({ isInteractive, told }) => {
    const world = await worldWithAda(isInteractive)
    const foreign = (end: URL) => `${part(end, 'code')}#another-state`
    const ran = await world.run(asked, 'no browser', types(foreign, foreign, foreign))
    expect(ran.code).toBe(1)
    expect(ran.talk.split('Paste the whole address; q ends it.')).toHaveLength(told + 1)
    expect(ran.talk).toContain(
      'Error: What was pasted belongs to another sign-in. Nothing was changed.\n',
    )
    expect(world.text(layout.pool)).toBeUndefined()
  })

  it.each(['', 'q', 'cancel'])('%p ends it', async (line) => {
    const world = await worldWithAda()
    const ran = await world.run([...asked, '--json'], 'no browser', ({ terminal }) =>
      terminal.type(line),
    )
    expect(ran.code).toBe(1)
    expect(documentOf(ran)).toMatchObject({ error: { code: 'sign-in-cancelled' } })
    expect(world.disk.snapshot()).toEqual({ [home]: null })
  })

  it('does not come, and the end of the input ends it', async () => {
    const world = await worldWithAda(false)
    const ran = await world.run(asked, 'no browser', ({ terminal }) => terminal.type())
    expect(ran.talk).toContain('Error: The sign-in was cancelled. Nothing was changed.\n')
  })

  it('is a refusal of the issuer', async () => {
    const world = await worldWithAda()
    world.upstream.browser.denies({ error: 'access_denied', description: 'Not today' })
    const ran = await world.run(
      asked,
      'no browser',
      types((end) => end.href),
    )
    expect(ran.talk).toContain('Error: The sign-in was refused: Not today (access_denied)\n')
  })
})

it('ends with 130 at Ctrl-C', async () => {
  const world = await worldWithAda()
  const ran = await world.run(
    asked,
    'no browser',
    ({ wait, terminal }) => void wait(second).then(() => terminal.interrupt()),
  )
  expect(ran).toMatchObject({ code: 130, answer: '' })
  expect(world.disk.snapshot()).toEqual({ [home]: null })
})
