/** `unpin`: routing chooses freely again. */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { ok, type ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import * as Pool from '../../core/accounts/pool'
import { noticeText } from '../../core/insight/notice-text'
import { printable } from '../../core/tui/printable'
import { changePoolTelling } from '../programs/pool'
import { wordless, type Answer, type Context } from './command'
import { orNull } from './forms'
import type { CliError } from './render-error'

export interface Unpinned {
  /** The account that was pinned, with its number. */
  readonly account: O.Option<{ readonly account: Account.Account; readonly number: number }>
  readonly warnings: ReadonlyArray<string>
}

export const run =
  ({ ports, layout }: Context) =>
  (): ResultAsync<Unpinned, CliError> =>
    changePoolTelling(
      ports,
      layout,
    )((before) =>
      ok({
        pool: Pool.unpin(before),
        told: pinnedIn(before),
      }),
    ).map(({ pool, told }) => ({ account: told, warnings: pool.notices.map(noticeText) }))

const pinnedIn = (pool: Pool.Pool): Unpinned['account'] =>
  pipe(
    pool.pinned,
    O.chain((key) =>
      pipe(
        Pool.find(key)(pool),
        O.map((account) => ({ account, number: Pool.numberOf(key)(pool) })),
      ),
    ),
  )

const form = t.strict({ unpinned: orNull(t.string) })

export const render = ({ account, warnings }: Unpinned): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({ unpinned: O.isSome(account) ? Account.key(account.value.account) : null }),
  text: () =>
    O.isSome(account)
      ? `Account ${account.value.number}, ${printable(Account.name(account.value.account))}, is no longer pinned.\n`
      : 'No account was pinned.\n',
  warnings,
})

export const unpin = wordless({
  examples: [['$0 unpin', 'routing chooses freely again']],
  epilogue: '',
  run,
  form,
  render,
})
