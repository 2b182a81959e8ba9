import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as AuthFile from '../../../core/official/auth-file'
import * as PoolFile from '../../../core/storage/pool-file'
import { cliWorld, documentOf, home, layout, type CliWorld } from '../../support/cli'

const asked = ['login', '--import']

const poolOf = (world: CliWorld) => PoolFile.parse(world.text(layout.pool) ?? '')._unsafeUnwrap()

const credentialsOf = (world: CliWorld) =>
  poolOf(world).accounts.map(({ credential }) => credential.refresh.reveal())

/** A world in which one sign-in has been made, and its files. */
const signedIn = async () => {
  const world = await cliWorld()
  const [ada] = world.upstream.addPerson({
    email: 'ada@mail.test',
    workspaces: [{ plan: 'plus' }],
  }).accounts
  world.upstream.browser.signsIn(ada)
  await world.run(['login'])
  return { world, ada, authFile: world.text(layout.authFile) ?? '' }
}

/** The text with its sign-in made at another time, with another refresh token. */
const madeAt = (text: string, at: string): string => {
  const file = JSON.parse(text) as { tokens: object }
  return JSON.stringify({
    ...file,
    tokens: { ...file.tokens, refresh_token: 'rt_other' },
    last_refresh: at,
  })
}

it('adds the sign-in of the official CLI, and leaves its file as it was', async () => {
  const { authFile, ada } = await signedIn()
  const world = await cliWorld({ files: { [layout.authFile]: authFile } })
  const ran = await world.run(asked)
  expect(ran.code).toBe(0)
  expect(ran.answer).toBe('Added account 1: ada@mail.test, plan plus\n')
  expect(poolOf(world).accounts.map(Account.key)).toEqual([ada.key])
  expect(poolOf(world).active).toEqual(O.some(ada.key))
  expect(world.text(layout.authFile)).toBe(authFile)
  expect(world.network.exchanges).toEqual([])
})

it.each([
  { name: 'takes a newer one', at: '2027-01-01T00:00:00.123456789Z', expected: 'rt_other' },
  { name: 'keeps its own when that is newer', at: '2026-01-01T00:00:00Z', expected: 'own' },
])('a known account $name', async ({ at, expected }) => {
  const { world: before, authFile } = await signedIn()
  const files = {
    [layout.pool]: before.text(layout.pool) ?? '',
    [layout.authFile]: madeAt(authFile, at),
  }
  const world = await cliWorld({ files })
  const ran = await world.run(asked)
  expect(ran.answer).toBe('Updated account 1: ada@mail.test, plan plus\n')
  expect(credentialsOf(world)).toEqual(expected === 'own' ? credentialsOf(before) : [expected])
  expect(world.text(layout.authFile)).toBe(files[layout.authFile])
})

const { print, parse } = AuthFile
const emptied = (text: string): string =>
  print(parse(text)._unsafeUnwrap()).replace(/"refresh_token": "[^"]*"/, '"refresh_token": ""')

it.each([
  { name: 'a missing file', make: () => null, code: 'official-not-signed-in' },
  { name: 'half a file', make: (text: string) => text.slice(0, 99), code: 'official-unreadable' },
  { name: 'a list', make: () => '[]', code: 'official-unreadable' },
  { name: 'no tokens', make: () => '{"auth_mode":"chatgpt"}', code: 'official-no-tokens' },
  { name: 'a sign-in that cannot be renewed', make: emptied, code: 'official-no-tokens' },
  {
    name: 'an API key',
    make: () => '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-1"}',
    code: 'official-api-key',
  },
  {
    name: 'an API key of an older CLI',
    make: () => '{"OPENAI_API_KEY":"sk-1"}',
    code: 'official-api-key',
  },
  {
    name: 'tokens of no ChatGPT account',
    make: () =>
      '{"auth_mode":"chatgpt","tokens":{"id_token":"a.b.c","access_token":"x","refresh_token":"r"}}',
    code: 'no-account-id',
  },
])('refuses $name, and stores nothing', async ({ make, code }) => {
  const { authFile } = await signedIn()
  const text = make(authFile)
  const files = { [home]: null, ...(text === null ? {} : { [layout.authFile]: text }) }
  const world = await cliWorld({ files })
  const ran = await world.run([...asked, '--json'])
  expect(ran.code).toBe(1)
  expect(documentOf(ran)).toMatchObject({ ok: false, error: { code } })
  expect(world.text(layout.pool)).toBeUndefined()
  expect(world.text(layout.authFile) ?? null).toBe(text)
})
