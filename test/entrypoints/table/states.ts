/**
 * The states a home can be in when a command comes: with its accounts, and with a disk that does not
 * go along. What a command leaves behind is read back from it.
 */
import { spawnSync } from 'node:child_process'
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Credential from '../../../core/accounts/credential'
import * as Pool from '../../../core/accounts/pool'
import * as FlaggedFile from '../../../core/storage/flagged-file'
import * as PoolFile from '../../../core/storage/pool-file'
import type { Account as Person } from '../../../entrypoints/embed/testing/people'
import type { Upstream } from '../../../entrypoints/embed/testing/upstream'
import { tool } from '../../support/tools'

export const states = [
  /** Nothing at all; the official CLI is not signed in. */
  'none',
  /** The official CLI is signed in, we have nothing. */
  'official',
  'one',
  'three',
  /** Of three, Grace's sign-in is lost. */
  'dead',
  /** One, and Grace set aside with a sign-in that works. */
  'flagged',
  'corrupt',
  /** A pool of a version that is not known yet. */
  'newer',
  /** Three, in a folder that takes no writes. */
  'read-only',
  /** Three, on a disk without a byte left. */
  'full',
] as const

export type State = (typeof states)[number]

/** Who a child is that may not write: root writes everywhere. */
export const nobody = 65_534

const isRoot = process.getuid?.() === 0

/** Needs root; in CI that it cannot be set up is a failure. */
const asRoot = (...programs: ReadonlyArray<string>): jest.It => {
  if (isRoot) return tool(...programs)
  if (process.env['CI'] === 'true') throw new Error('Other users and small disks take root.')
  return it.skip
}

/** `it` where the state can be set up, `it.skip` where it cannot. */
export const itIn = (state: State): jest.It => {
  if (state === 'read-only') return asRoot('setpriv')
  return state === 'full' ? asRoot('mount', 'umount') : it
}

export interface Place {
  readonly home: string
  readonly root: string
  readonly pool: string
  readonly flagged: string
  readonly authFile: string
}

export const placeOf = (home: string): Place => {
  const codexHome = join(home, '.codex')
  const root = join(codexHome, 'multi-auth')
  return {
    home,
    root,
    pool: join(root, 'openai-codex-accounts.json'),
    flagged: join(root, 'openai-codex-flagged-accounts.json'),
    authFile: join(codexHome, 'auth.json'),
  }
}

const system = (program: string, ...given: ReadonlyArray<string>): void => {
  const ran = spawnSync(program, given, { encoding: 'utf8' })
  if (ran.status !== 0) throw new Error(`${program} ${given.join(' ')}: ${ran.stderr}`)
}

/** As many as the state has, each signed in with tokens of its own. */
const accountsOf = (upstream: Upstream, people: ReadonlyArray<Person>) =>
  people.map((person) => {
    const tokens = upstream.signIn(person)
    return Account.ofSignIn(Date.now(), {
      access: O.some(Credential.secret(tokens.accessToken)),
      refresh: Credential.secret(tokens.refreshToken),
      id: O.some(Credential.secret(tokens.idToken)),
      expiresAt: O.some(tokens.expiresAt),
      refreshedAt: O.some(Date.now()),
    })._unsafeUnwrap()
  })

const poolText = (upstream: Upstream, state: State, people: ReadonlyArray<Person>): string => {
  if (state === 'corrupt') return '{"version":3,"accounts":[{"refreshToken":'
  if (state === 'newer') return '{"version":99,"accounts":[]}'
  const isOne = state === 'one' || state === 'flagged'
  const accounts = accountsOf(upstream, isOne ? people.slice(0, 1) : people).map(
    (account, index) =>
      state === 'dead' && index === 1
        ? Account.invalidated({ at: Date.now(), code: 'token_revoked' })(account)
        : account,
  )
  const pool = accounts.reduce((before, one) => Pool.signIn(one)(before), Pool.empty)
  return PoolFile.print({
    ...pool,
    active: O.map(Account.key)(O.fromNullable(accounts[0])),
  })
}

const flaggedText = (upstream: Upstream, people: ReadonlyArray<Person>): string =>
  accountsOf(upstream, people)
    .map((account) => ({
      ...{ account, at: O.some(Date.now()), because: 'token-invalid' },
      lastError: O.none,
    }))
    .reduce((text, flagged) => FlaggedFile.put(flagged)(text)._unsafeUnwrap(), FlaggedFile.none)

const fill = async (folder: string): Promise<void> => {
  const path = join(folder, 'filling')
  await writeFile(path, '')
  for (const bytes of [4_096, 256, 16, 1])
    for (;;) {
      const ran = await writeFile(path, 'x'.repeat(bytes), { flag: 'a' }).then(
        () => true,
        () => false,
      )
      if (!ran) break
    }
}

const own = async (folder: string): Promise<void> => {
  const inside = await readdir(folder, { recursive: true })
  for (const path of [folder, ...inside.map((name) => join(folder, name))])
    await chown(path, nobody, nobody)
}

/** As the official CLI writes it. */
const loginText = (upstream: Upstream, person: Person): string => {
  const tokens = upstream.signIn(person)
  return JSON.stringify({
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: {
      id_token: tokens.idToken,
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      account_id: person.accountId,
    },
  })
}

type People = readonly [ada: Person, grace: Person, barbara: Person]

export const peopleOf = (upstream: Upstream): People => {
  const person = (name: string) => upstream.addPerson({ email: `${name}@mail.test` }).accounts[0]
  return [person('ada'), person('grace'), person('barbara')]
}

/** What the state has on the disk, by path. Ada is who the official CLI is signed in as. */
export const filesOf = (
  place: Place,
  state: State,
  upstream: Upstream,
  people: People,
): Readonly<Record<string, string>> => ({
  ...(state === 'none' ? {} : { [place.authFile]: loginText(upstream, people[0]) }),
  ...(state === 'none' || state === 'official'
    ? {}
    : { [place.pool]: poolText(upstream, state, people) }),
  ...(state === 'flagged' ? { [place.flagged]: flaggedText(upstream, people.slice(1, 2)) } : {}),
})

export interface Standing {
  readonly people: People
  /** What removing the home does not undo. */
  readonly undo: () => void
}

export const setUp = async (place: Place, state: State, upstream: Upstream): Promise<Standing> => {
  const people = peopleOf(upstream)
  const isFull = state === 'full'
  await mkdir(join(place.home, '.codex'), { recursive: true })
  const files = filesOf(place, state, upstream, people)
  if (place.pool in files) await mkdir(place.root, { mode: 0o700 })
  if (isFull) system('mount', '-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', place.root)
  for (const [path, text] of Object.entries(files)) await writeFile(path, text, { mode: 0o600 })
  if (isFull) await fill(place.root)
  if (state === 'read-only') {
    await own(place.home)
    // The folder of somebody else: one of its own would be opened again.
    await chown(place.root, 0, 0)
    await chmod(place.root, 0o555)
  }
  return { people, undo: () => isFull && system('umount', place.root) }
}

const summary = (text: string): string => {
  const pool = PoolFile.parse(text)._unsafeUnwrap()
  return pool.accounts
    .map((account) =>
      [
        O.getOrElse(() => '?')(account.email).replace('@mail.test', ''),
        ...(O.isSome(account.label) ? [`(${account.label.value})`] : []),
        ...(account.enabled ? [] : [' off']),
        ...(Account.needsSignIn(account) ? [' lost'] : []),
        ...(O.isSome(pool.pinned) && pool.pinned.value === Account.key(account) ? [' pinned'] : []),
      ].join(''),
    )
    .join(', ')
}

/** The accounts in words, or the text itself where it is no pool; null where there is none. */
export const accountsIn = async (place: Place): Promise<string | null> => {
  const text = await readFile(place.pool, 'utf8').catch(() => null)
  if (text === null) return null
  return PoolFile.parse(text).isOk() ? summary(text) : text
}

/** Every file of the home by its path there. */
export type Texts = Readonly<Record<string, string>>

export const textsIn = async ({ home }: Place): Promise<Texts> => {
  const entries = await readdir(home, { recursive: true, withFileTypes: true })
  const files = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
  const texts = await Promise.all(
    files.map(async (path) => [relative(home, path), await readFile(path, 'utf8')] as const),
  )
  return Object.fromEntries(texts)
}
