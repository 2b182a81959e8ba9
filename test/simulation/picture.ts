/**
 * What the pool is by its files, as plain as it can be compared; and whether a change of it can be
 * explained by what its writer was asked to do.
 */
import * as O from 'fp-ts/Option'
import * as Account from '../../core/accounts/account'
import type { AccountKey } from '../../core/accounts/identity'
import type * as Pool from '../../core/accounts/pool'
import * as Journal from '../../core/storage/journal'
import * as PoolFile from '../../core/storage/pool-file'
import * as Recovery from '../../core/storage/recovery'
import type { Issuer } from './issuer'
import type { Step } from './step'

export interface Row {
  readonly token: string
  readonly enabled: boolean
  readonly isLost: boolean
}

export interface Picture {
  readonly rows: ReadonlyMap<AccountKey, Row>
  readonly active: string
  readonly pinned: string
  readonly generation: number
}

export const blank: Picture = { rows: new Map(), active: '', pinned: '', generation: 0 }

export const of = (pool: Pool.Pool): Picture => ({
  rows: new Map(
    pool.accounts.map((account) => [
      Account.key(account),
      {
        token: account.credential.refresh.reveal(),
        enabled: account.enabled,
        isLost: Account.needsSignIn(account),
      },
    ]),
  ),
  active: O.getOrElse(() => '')(pool.active),
  pinned: O.getOrElse(() => '')(pool.pinned),
  generation: pool.affinityGeneration,
})

export const ofJournal = (text: string): O.Option<Picture> => {
  const content = Journal.contentOf(text)
  return O.isNone(content)
    ? O.none
    : PoolFile.parse(content.value).match(
        (pool) => O.some(of(pool)),
        () => O.none,
      )
}

/** All that a save may lose while its sign-ins are kept. */
export const withoutSignIns = (picture: Picture): Picture => ({
  ...picture,
  rows: new Map([...picture.rows].map(([key, row]) => [key, { ...row, token: '', isLost: false }])),
})

/** The texts of the pool's file and of its journal; empty for one that is not there. */
export interface Texts {
  readonly file: string
  readonly journal: string
}

/**
 * None when neither the file decodes nor anything that stands in for it. A sign-in counts as soon as the
 * journal has it.
 */
export type Read = (texts: Texts, copies: () => ReadonlyArray<string>) => O.Option<Picture>

/** A save moves one text from the journal to the file: what was read just before is not read again. */
const readingsMax = 4

export const reader = (): Read => {
  const pools = remembering(PoolFile.parse)
  const contents = remembering(Journal.contentOf)
  return ({ file, journal }, copies) => {
    const pool = pools(file)
    const content = contents(journal)
    if (pool.isErr()) {
      const standIns = [...(O.isSome(content) ? [content.value] : []), ...copies()]
      const first = standIns.map(pools).find((read) => read.isOk())
      return first === undefined ? O.none : O.some(of(first._unsafeUnwrap()))
    }
    const journalled = O.isNone(content) ? pool : pools(content.value)
    return O.some(
      of(journalled.isErr() ? pool.value : Recovery.withJournalled(journalled.value)(pool.value)),
    )
  }
}

const remembering = <A>(read: (text: string) => A): ((text: string) => A) => {
  const known = new Map<string, A>()
  return (text) => {
    const found = known.get(text) ?? read(text)
    const [oldest] = known.keys()
    if (known.size >= readingsMax && oldest !== undefined) known.delete(oldest)
    known.set(text, found)
    return found
  }
}

export const print = ({ rows, active, pinned, generation }: Picture): string =>
  JSON.stringify([...rows, active, pinned, generation])

/** Whoever knows what has become of a token, and which a program could not know to be spent. */
interface Judge {
  readonly issuer: Issuer
  readonly spentUnseen: ReadonlySet<string>
}

/**
 * What is wrong with a change; the twelve last characters of a token name it. Whoever looks at the
 * official sign-in file takes over what it holds, whichever account that is: `official` is its text.
 */
export const faultsOf = (
  judge: Judge,
  before: Picture,
  after: Picture,
  step: Step | undefined,
  official: string,
): ReadonlyArray<string> => {
  const keys = new Set([...before.rows.keys(), ...after.rows.keys()])
  return [
    ...[...keys].flatMap((key) =>
      rowFaults(judge, key, before.rows.get(key), after.rows.get(key), step, official),
    ),
    ...choiceFaults(before, after, step),
  ]
}

const isAbout = (step: Step | undefined, key: AccountKey, ...tags: ReadonlyArray<Step['_tag']>) =>
  step !== undefined && tags.includes(step._tag) && (!('key' in step) || step.key === key)

const rowFaults = (
  judge: Judge,
  key: AccountKey,
  before: Row | undefined,
  after: Row | undefined,
  step: Step | undefined,
  official: string,
): ReadonlyArray<string> => {
  if (before === undefined)
    return isAbout(step, key, 'SignIn', 'Restore', 'Import')
      ? []
      : [`an account from nowhere: ${key}`]
  if (after === undefined)
    return isAbout(step, key, 'Remove', 'Logout', 'Restore') ? [] : [`an account is lost: ${key}`]
  const faults: Array<string> = []
  const isTakenOver = before.token !== after.token && official.includes(after.token)
  if (before.token !== after.token) {
    if (!isTakenOver && !isAbout(step, key, 'SignIn', 'Refresh', 'Request', 'Restore', 'Import'))
      faults.push(`a token nobody asked to change: ${key}`)
    faults.push(...tokenFaults(judge, before.token, after.token))
  }
  if (
    before.enabled !== after.enabled &&
    !isAbout(step, key, 'SignIn', 'Switch', 'Enable', 'Disable', 'Restore')
  )
    faults.push(`switched on or off by nobody: ${key}`)
  if (
    before.isLost !== after.isLost &&
    !isTakenOver &&
    !isAbout(step, key, 'SignIn', 'Refresh', 'Request', 'Restore', 'Import')
  )
    faults.push(`marked or unmarked by nobody: ${key}`)
  if (!before.isLost && after.isLost && judge.issuer.isGood(after.token))
    faults.push(`marked as lost, though its token is good: ${key}`)
  return faults
}

const tokenFaults = (
  { issuer, spentUnseen }: Judge,
  before: string,
  after: string,
): ReadonlyArray<string> => {
  if (spentUnseen.has(after)) return []
  const [old, made] = [issuer.birthOf(before), issuer.birthOf(after)]
  if (made === undefined) return [`a token of no issuer: ${after.slice(-12)}`]
  const isOlder = old !== undefined && old.family === made.family && made.rank < old.rank
  if (isOlder) return [`an older token came back: ${after.slice(-12)} after ${before.slice(-12)}`]
  return issuer.rotationOf(after) === undefined
    ? []
    : [`a token that is spent was stored: ${after.slice(-12)} after ${before.slice(-12)}`]
}

const choiceFaults = (
  before: Picture,
  after: Picture,
  step: Step | undefined,
): ReadonlyArray<string> => {
  const by = (...tags: ReadonlyArray<Step['_tag']>): boolean =>
    step !== undefined && tags.includes(step._tag)
  const faults: Array<string> = []
  if (
    before.active !== after.active &&
    !by('SignIn', 'Switch', 'Remove', 'Logout', 'Restore', 'Import')
  )
    faults.push('the active account changed by nobody')
  if (
    before.pinned !== after.pinned &&
    !by('Switch', 'Unpin', 'Disable', 'Remove', 'Logout', 'Restore')
  )
    faults.push('the pin changed by nobody')
  if (after.generation < before.generation) faults.push('an older choice came back')
  return faults
}
