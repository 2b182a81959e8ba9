/** What a switch does to the official CLI's own sign-in. */
import * as O from 'fp-ts/Option'
import * as AuthFile from '../../../core/official/auth-file'
import type { Disturb } from '../../../adapters/memory/scheduler'
import * as PoolFile from '../../../core/storage/pool-file'
import { cliWorld, home, layout, type CliWorld } from '../../support/cli'

type Terms = Parameters<typeof cliWorld>[0]

/** Ada and then Bea have signed in; Ada is who the CLI is. */
const twoAccounts = async (terms: Terms = {}): Promise<CliWorld> => {
  const world = await cliWorld(terms)
  for (const name of ['ada', 'bea']) {
    const person = world.upstream.addPerson({ email: `${name}@mail.test` })
    world.upstream.browser.signsIn(person.accounts[0])
    expect((await world.run(['login'])).code).toBe(0)
  }
  return world
}

const who = (world: CliWorld): string => {
  const file = AuthFile.parse(world.text(layout.authFile) ?? '{}')._unsafeUnwrap()
  const token = O.toUndefined(AuthFile.credentialOf(file))?.refresh.reveal()
  const pool = PoolFile.parse(world.text(layout.pool) ?? '')._unsafeUnwrap()
  const account = pool.accounts.find(({ credential }) => credential.refresh.reveal() === token)
  return account === undefined ? 'nobody' : (O.toUndefined(account.email) ?? '?')
}

/** Takes the file away, as `codex logout` does. */
const logOut = (world: CliWorld): void => world.disk.unlink(layout.authFile, world.time.now())

const put = (world: CliWorld, path: string, text: string, mode = 0o600): void => {
  world.disk.mkdir(path.slice(0, path.lastIndexOf('/')), 0o700, world.time.now())
  const file = world.disk.open(path, 'wx', mode, world.time.now())
  world.disk.write(file, text, world.time.now())
  world.disk.close(file)
}

it('signs the CLI in with the account, where no shim leads it to us, and says so', async () => {
  const world = await twoAccounts()
  expect(who(world)).toBe('ada@mail.test')
  const ran = await world.run(['switch', 'bea'])
  expect(who(world)).toBe('bea@mail.test')
  expect(ran.answer).toContain(
    'The official Codex CLI is signed in with it now, and lists the sessions of that account ' +
      'alone;\nbefore, it was ada@mail.test.\n',
  )
  expect(world.disk.modeOf(layout.authFile)).toBe(0o600)
  expect((await world.run(['switch', 'bea'])).answer).not.toContain('official')
})

it('leaves the CLI as it is behind a shim', async () => {
  const world = await twoAccounts({ environment: { PATH: layout.shimFolder } })
  put(world, layout.shim, '#!/bin/sh\n', 0o700)
  await world.run(['switch', 'bea'])
  expect(who(world)).toBe('ada@mail.test')
})

it.each([
  { mode: 'never', shim: false, expected: 'ada@mail.test' },
  { mode: 'always', shim: true, expected: 'bea@mail.test' },
])('does as $mode says', async ({ mode, shim, expected }) => {
  const world = await twoAccounts({
    environment: { PATH: layout.shimFolder },
  })
  put(world, layout.settings, `{"version":1,"pluginConfig":{"syncCodexCli":"${mode}"}}`)
  if (shim) put(world, layout.shim, '#!/bin/sh\n', 0o700)
  await world.run(['switch', 'bea'])
  expect(who(world)).toBe(expected)
})

it('ends a logout, also behind a shim', async () => {
  const world = await twoAccounts({ environment: { PATH: layout.shimFolder } })
  put(world, layout.shim, '#!/bin/sh\n', 0o700)
  logOut(world)
  await world.run(['list'])
  expect(world.text(layout.authFile)).toBeUndefined()
  const ran = await world.run(['switch', 'bea'])
  expect(who(world)).toBe('bea@mail.test')
  expect(ran.answer).toContain('The official Codex CLI is signed in with it too.\n')
})

it('does not write over a sign-in that is kept nowhere else, and says how to keep it', async () => {
  const other = await twoAccounts()
  const world = await cliWorld({
    files: { [home]: null, [layout.authFile]: other.text(layout.authFile) ?? '' },
  })
  world.upstream.addPerson({ email: 'ada@mail.test' })
  const bea = world.upstream.addPerson({ email: 'bea@mail.test' })
  world.upstream.browser.signsIn(bea.accounts[0])
  await world.run(['login'])
  const before = world.text(layout.authFile)
  const ran = await world.run(['switch', 'bea'])
  expect(world.text(layout.authFile)).toBe(before)
  expect(ran.talk).toBe(
    'Warning: The official Codex CLI stays signed in as ada@mail.test, which is not among your ' +
      'accounts and would be lost. Keep it first: codex-multi-auth login --import\n',
  )
})

it('holds the lock of the CLI, where that can be had', async () => {
  const locked: Array<ReadonlyArray<string>> = []
  const world = await twoAccounts({
    programs: {
      flock: ({ arguments: given }) => {
        locked.push(given)
        return { _tag: 'Exited', code: 0 }
      },
    },
  })
  await world.run(['switch', 'bea'])
  expect(locked.at(-1)).toEqual(['-x', layout.authLock, 'cat'])
  expect(who(world)).toBe('bea@mail.test')
})

it('gives up when the lock cannot be had in time', async () => {
  const world = await twoAccounts({
    programs: { flock: () => ({ _tag: 'Killed', signal: 'SIGKILL' }) },
  })
  const ran = await world.run(['switch', 'bea'])
  expect(ran.code).toBe(0)
  expect(ran.talk).toContain('is not signed in with it')
  expect(world.text(layout.authFile)).toBeUndefined()
})

it('gives up when the CLI writes the file in between', async () => {
  const racing: { write?: () => void } = {}
  const disturb: Disturb = ({ label }) => {
    if (/^files\.sync .*auth\.json\.[^/]*draft$/.test(label)) racing.write?.()
    return { _tag: 'None' }
  }
  const world = await twoAccounts({ disturb })
  const theirs = '{"auth_mode":"apikey","OPENAI_API_KEY":"of the person"}'
  racing.write = () => {
    delete racing.write
    logOut(world)
    put(world, layout.authFile, theirs)
  }
  const ran = await world.run(['switch', 'bea'])
  expect(world.text(layout.authFile)).toBe(theirs)
  expect(ran.talk).toContain('was written by another program at the same time')
  expect(Object.keys(world.disk.snapshot()).filter((path) => /draft/.test(path))).toEqual([])
})

it('removes the draft of a write that never ended', async () => {
  const world = await twoAccounts()
  put(world, `${layout.authFile}.dead.draft`, 'a token')
  await world.run(['switch', 'bea'])
  expect(Object.keys(world.disk.snapshot()).filter((path) => /draft/.test(path))).toEqual([])
})
