/**
 * Forgets an account: its row in the pool, its tokens in the copies beside it, and what is remembered
 * of its requests. Once the row is gone the account is; what could not be cleaned after that is told.
 */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync, type Result } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import * as Elsewhere from '../../core/accounts/elsewhere'
import * as Flagged from '../../core/accounts/flagged'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import { fromOption } from '../../core/result'
import type { Layout } from '../../core/storage/layout'
import * as FlaggedFile from '../../core/storage/flagged-file'
import * as PoolFile from '../../core/storage/pool-file'
import { listBackups } from './backups'
import { flaggedFiles } from './flagged-reading'
import { othersOf } from './other-pools'
import { forgetPolicy } from './policies'
import { changePoolTelling, holdingWholePool, type PoolError } from './pool'
import { endJournal } from './pool-saving'
import type { Ports } from './ports'
import { forgetInRuntime } from './runtime'

export interface Forgotten {
  /** Of the pool, or set aside. */
  readonly account: Account.Account
  readonly before: Pool.Pool
  readonly after: Pool.Pool
  /** Files that may still hold something of the account. */
  readonly remains: ReadonlyArray<string>
}

type ForgetPorts = Pick<Ports, 'files' | 'lock' | 'clock'>

export const forget =
  (ports: ForgetPorts, layout: Layout) =>
  <E>(
    select: (pool: Pool.Pool) => Result<AccountKey, E>,
  ): ResultAsync<Forgotten, E | Pool.NoSuchAccount | PoolError> =>
    changePoolTelling(
      ports,
      layout,
    )((before) =>
      select(before)
        .mapErr((error): E | Pool.NoSuchAccount => error)
        .andThen((key) =>
          fromOption((): Pool.NoSuchAccount => ({ _tag: 'NoSuchAccount', key }))(
            Pool.find(key)(Pool.withFlagged(before)),
          ).map((account) => ({
            // One that is set aside is in no pool.
            pool: Pool.remove(key)(before).unwrapOr(before),
            told: { account, before },
          })),
        ),
    ).andThen(({ pool, told: { account, before } }) =>
      ResultAsync.combine([
        scrubCopies(ports, layout)(account),
        forgetMemories(ports, layout)(account),
      ]).map((remains): Forgotten => ({
        ...{ account, before, remains: remains.flat() },
        after: withoutFlagged(account)(pool),
      })),
    )

/** What is remembered of the account, whichever pool it is in: as long as another has it, it stays. */
const forgetMemories =
  (ports: ForgetPorts, layout: Layout) =>
  (account: Account.Account): ResultAsync<ReadonlyArray<string>, never> =>
    othersOf(ports, layout)
      .orElse(() => okAsync([]))
      .andThen((others) =>
        Elsewhere.hasAccount(others)(account)
          ? okAsync([])
          : ResultAsync.combine([
              forgetInRuntime(
                ports,
                layout,
              )(account)
                .map((): ReadonlyArray<string> => [])
                .orElse(() => okAsync([layout.runtimeState, layout.quota])),
              forgetPolicy(
                ports,
                layout,
              )(Account.key(account))
                .map((): ReadonlyArray<string> => [])
                .orElse(() => okAsync([layout.policies])),
            ]).map((remains) => remains.flat()),
      )

const withoutFlagged =
  (account: Account.Account) =>
  (pool: Pool.Pool): Pool.Pool => ({
    ...pool,
    flagged: pool.flagged.filter((one) => !Flagged.isOf(account)(one)),
  })

/**
 * The copies of the pool, those of the existing tool included, and the accounts set aside. What may
 * hold anything, a journal that was left and a pool that could not be read, goes as a whole.
 */
const scrubCopies =
  (ports: Pick<Ports, 'files' | 'lock'>, layout: Layout) =>
  (account: Account.Account): ResultAsync<ReadonlyArray<string>, never> => {
    const copies = [
      layout.poolKept,
      layout.poolBackup,
      ...layout.poolOlder,
      ...layout.poolElsewhere,
    ]
    const flagged = flaggedFiles(layout)
    return holdingWholePool(
      ports,
      layout,
    )((held) =>
      namedCopies(ports, layout).andThen((named) =>
        ResultAsync.combine([
          ...[...copies, ...named].map((path) => scrub(ports, path, PoolFile.without(account))),
          ...flagged.map((path) => scrub(ports, path, FlaggedFile.without(account))),
        ]).andThen((remains) =>
          // Last: until our copy is without the account, the journal is what says that it is gone.
          ResultAsync.combine([
            remaining(layout.poolJournal)(endJournal(ports, layout, () => held.confirm())),
            remaining(layout.poolDamaged)(ports.files.remove(layout.poolDamaged)),
          ]).map((whole) => [...remains, ...whole]),
        ),
      ),
    )
      .map((remains) => remains.flat())
      .orElse(() => okAsync([...copies, ...flagged]))
  }

/** The path when it could not be cleaned. */
const remaining =
  (path: string) =>
  (cleaning: ResultAsync<void, unknown>): ResultAsync<ReadonlyArray<string>, never> =>
    cleaning.map((): ReadonlyArray<string> => []).orElse(() => okAsync([path]))

const namedCopies = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
): ResultAsync<ReadonlyArray<string>, never> =>
  listBackups(ports, layout)
    .map((backups): ReadonlyArray<string> => backups.map(({ path }) => path))
    .orElse(() => okAsync([]))

type Without = (text: string) => Result<O.Option<string>, PoolFile.PoolFileRefusal>

/** The path when it may still hold a token of the account. */
const scrub = (
  { files }: Pick<Ports, 'files'>,
  path: string,
  without: Without,
): ResultAsync<ReadonlyArray<string>, never> =>
  files
    .read(path)
    .andThen(without)
    .andThen((text) => (O.isSome(text) ? files.replace(path, text.value) : okAsync(undefined)))
    .map((): ReadonlyArray<string> => [])
    .orElse((error) => okAsync(error._tag === 'NotFound' ? [] : [path]))
