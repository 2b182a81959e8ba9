/** One change to the account that a selector names, and that account as the change leaves it. */
import { ok, type Result, type ResultAsync } from 'neverthrow'
import type { AccountKey } from '../../core/accounts/identity'
import type * as Pool from '../../core/accounts/pool'
import * as Selector from '../../core/accounts/selector'
import { fromOption } from '../../core/result'
import type { Instant } from '../../core/time'
import { readOutlook } from '../programs/outlook'
import { changePoolTelling } from '../programs/pool'
import { findView, viewOf, type AccountView } from './account-view'
import type { Context } from './command'
import type { CliError } from './render-error'
import { warningsOf } from './warnings'

export interface ChangedAccount {
  readonly account: AccountView
  readonly before: Pool.Pool
  readonly after: Pool.Pool
  readonly now: Instant
  readonly warnings: ReadonlyArray<string>
}

type Ground = Pick<Context, 'ports' | 'layout' | 'environment'>

type Change = (key: AccountKey) => (pool: Pool.Pool) => Result<Pool.Pool, CliError>

export const changeAccount =
  (context: Ground) =>
  (selector: string, change: Change): ResultAsync<ChangedAccount, CliError> =>
    changeSelected(context)(Selector.resolve(selector), change)

export const changeSelected =
  ({ ports, layout, environment }: Ground) =>
  (
    select: (pool: Pool.Pool) => Result<AccountKey, Selector.SelectorRefusal>,
    change: Change,
  ): ResultAsync<ChangedAccount, CliError> =>
    changePoolTelling(
      ports,
      layout,
    )((before) =>
      select(before)
        .mapErr((error): CliError => error)
        .andThen((key) =>
          change(key)(before).andThen((pool) => ok({ pool, told: { key, before } })),
        ),
    ).andThen(({ pool, told: { key, before } }) =>
      readOutlook(ports, layout, environment).andThen((outlook) =>
        fromOption((): CliError => ({ _tag: 'NoSuchAccount', key }))(
          findView(key)(viewOf(layout.pool, outlook)(pool)),
        ).map((account) => ({
          account,
          before,
          after: pool,
          now: outlook.now,
          warnings: warningsOf(outlook, pool),
        })),
      ),
    )

/** How the parser takes a selector. */
export const accountArgument = {
  type: 'string',
  demandOption: true,
  describe: 'number, e-mail, label, id, or a part of one',
} as const
