import * as Account from '../../../core/accounts/account'
import * as PoolFile from '../../../core/storage/pool-file'
import { minute, second } from '../../../core/time'
import type { Fault } from '../../../entrypoints/embed/testing/behaviour'
import { cliWorld, documentOf, home, layout, type CliWorld, type Person } from '../../support/cli'

const adaOf = (world: CliWorld) =>
  world.upstream.addPerson({ email: 'ada@mail.test', workspaces: [{ plan: 'plus' }] }).accounts[0]

const emails = (world: CliWorld) =>
  PoolFile.parse(world.text(layout.pool) ?? '')
    ._unsafeUnwrap()
    .accounts.map(Account.name)

const pathsOf = (world: CliWorld) =>
  world.network.exchanges.map(({ request }) => new URL(request.url).pathname)

const codePath = '/api/accounts/deviceauth/usercode'
const pollPath = '/api/accounts/deviceauth/token'
const asked = ['login', '--device-auth']

const refuse = (status: number, ...headers: ReadonlyArray<readonly [string, string]>): Fault => ({
  _tag: 'Refuse',
  refusal: { status, headers, body: '{}' },
})

describe('a code that is asked for', () => {
  it('is shown with its page, and the account that typed it is added', async () => {
    const world = await cliWorld()
    const ada = adaOf(world)
    const shown: Array<ReadonlyArray<string>> = []
    const types = ({ wait }: Person) =>
      void wait(12 * second).then(() => {
        shown.push(world.upstream.device.waiting())
        world.upstream.device.approves(ada)
      })
    const ran = await world.run(asked, 'no browser', types)
    expect(ran.code).toBe(0)
    expect(ran.answer).toContain('Added account 1: ada@mail.test, plan plus\n')
    expect(ran.talk).toContain(`\n${world.upstream.issuer}/codex/device\n`)
    expect(ran.talk).toContain(`\n${shown[0]?.[0]}\n`)
    expect(ran.talk).not.toContain('ssh')
    expect(pathsOf(world)).toEqual([
      codePath,
      ...[pollPath, pollPath, pollPath, pollPath],
      '/oauth/token',
    ])
    expect(world.upstream.journal.violations()).toEqual([])
    expect(emails(world)).toEqual(['ada@mail.test'])
  })

  it('signs the official CLI in where it is not', async () => {
    const world = await cliWorld()
    world.upstream.device.approves(adaOf(world))
    const ran = await world.run([...asked, '--json'])
    expect(documentOf(ran)).toMatchObject({ ok: true, data: { outcome: 'added' } })
    expect(world.text(layout.authFile)).toContain('"auth_mode": "chatgpt"')
  })

  it.each([
    { name: 'a busy issuer', fault: refuse(429, ['retry-after', '40']), waits: 40 * second },
    { name: 'a lost answer', fault: { _tag: 'Reset' } as const, waits: 5 * second },
  ])('outlasts $name', async ({ fault, waits }) => {
    const world = await cliWorld()
    world.upstream.device.approves(adaOf(world))
    world.upstream.fail(pollPath, [fault])
    const before = world.time.now()
    const ran = await world.run(asked)
    expect(ran.code).toBe(0)
    expect(world.time.now() - before).toBeGreaterThanOrEqual(waits)
    expect(world.time.now() - before).toBeLessThanOrEqual(waits * 1.1 + second)
  })

  it('is given up after 15 minutes', async () => {
    const world = await cliWorld()
    const before = world.time.now()
    const ran = await world.run(asked)
    expect(ran.code).toBe(1)
    expect(ran.talk).toContain('Error: Nobody finished the sign-in within 15 minutes.\n')
    expect(world.time.now() - before).toBeLessThanOrEqual(15 * minute)
    expect(world.time.now() - before).toBeGreaterThan(14 * minute)
  })

  it.each([
    {
      name: 'is not offered',
      happens: (world: CliWorld) => world.upstream.device.turnOff(),
      code: 'device-code-not-offered',
    },
    {
      name: 'is denied',
      happens: (world: CliWorld) => world.upstream.device.denies(),
      code: 'device-code-refused',
    },
    {
      name: 'is not to be had',
      happens: (world: CliWorld) => world.upstream.fail(codePath, [refuse(500)]),
      code: 'device-code-refused',
    },
    {
      name: 'cannot be asked for',
      happens: (world: CliWorld) => world.upstream.fail(codePath, [{ _tag: 'Reset' }]),
      code: 'issuer-unreached',
    },
  ])('that $name is an error, and nothing is stored', async ({ happens, code }) => {
    const world = await cliWorld()
    happens(world)
    const ran = await world.run([...asked, '--json'])
    expect(ran.code).toBe(1)
    expect(documentOf(ran)).toMatchObject({ ok: false, error: { code } })
    expect(world.text(layout.pool)).toBeUndefined()
  })

  it.each([1 * second, 7 * second])('ends with 130 at a Ctrl-C after %d ms', async (span) => {
    const world = await cliWorld()
    const before = world.time.now()
    const ran = await world.run(
      asked,
      'no browser',
      ({ wait, terminal }) => void wait(span).then(() => terminal.interrupt()),
    )
    expect(ran).toMatchObject({ code: 130, answer: '' })
    expect(world.time.now() - before).toBe(span)
    expect(world.disk.snapshot()).toEqual({ [home]: null })
  })

  it('ends with 130 at a Ctrl-C while the issuer is silent', async () => {
    const world = await cliWorld()
    world.upstream.fail(pollPath, [{ _tag: 'Silence' }])
    const ran = await world.run(
      asked,
      'no browser',
      ({ wait, terminal }) => void wait(3 * second).then(() => terminal.interrupt()),
    )
    expect(ran.code).toBe(130)
  })
})

describe('without a browser and without a wish', () => {
  it.each([
    { name: 'over SSH', environment: { SSH_CONNECTION: '10.0.0.1 5 10.0.0.2 22' } },
    { name: 'on a machine where none opens', environment: {} },
  ])('a code is taken $name, and the other way out is said', async ({ environment }) => {
    const world = await cliWorld({ environment })
    world.upstream.device.approves(adaOf(world))
    const ran = await world.run(['login'], 'no browser')
    expect(ran.code).toBe(0)
    expect(ran.talk).toContain('No browser can be opened here, so a code takes its place.')
    expect(ran.talk).toContain('ssh -L 1455:127.0.0.1:1455 <this machine>')
    expect(ran.talk).not.toContain('/oauth/authorize')
    expect(emails(world)).toEqual(['ada@mail.test'])
    expect(world.network.listeners.has(1455)).toBe(false)
  })

  it('no browser is tried over SSH', async () => {
    const world = await cliWorld({ environment: { SSH_TTY: '/dev/pts/1' } })
    const opened: Array<string> = []
    world.upstream.device.approves(adaOf(world))
    const ran = await world.run(['login'], (url) => void opened.push(url))
    expect(ran.code).toBe(0)
    expect(opened).toEqual([])
  })

  it('the address is shown where no code is offered', async () => {
    const world = await cliWorld({ environment: { SSH_TTY: '/dev/pts/1' } })
    world.upstream.device.turnOff()
    const ran = await world.run(['login'])
    expect(ran.talk).toContain('Sign-in codes are not offered to you')
    expect(ran.talk).toContain('/oauth/authorize')
    expect(ran.talk).toContain('Nobody finished the sign-in within 5 minutes')
    expect(ran.pages).toEqual([])
  })
})
