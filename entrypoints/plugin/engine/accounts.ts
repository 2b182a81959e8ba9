/** The accounts as a tool of the host, in words a model passes on to the person. Holds no token. */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as Selector from '../../../core/accounts/selector'
import { phrase } from '../../../core/insight/reason'
import type { Layout } from '../../../core/storage/layout'
import { printable } from '../../../core/tui/printable'
import { readOutlook, seenOf } from '../../programs/outlook'
import { changePool, readPool } from '../../programs/pool'
import type { Ports } from '../../programs/ports'

type AccountPorts = Pick<Ports, 'files' | 'lock' | 'clock'>
type Environment = Readonly<Record<string, string | undefined>>

export interface Accounts {
  readonly list: () => ResultAsync<string, string>
  readonly switchTo: (selector: string) => ResultAsync<string, string>
}

export const openAccounts = (
  ports: AccountPorts,
  layout: Layout,
  environment: Environment,
): Accounts => {
  const list = () =>
    readPool(ports, layout)
      .mapErr(() => unreadable)
      .andThen((pool) =>
        readOutlook(ports, layout, environment).map((outlook) => {
          const seen = seenOf(outlook)
          const lines = pool.accounts.map((account, index) => {
            const { reason } = seen(account)
            const status = O.isSome(reason) ? phrase(outlook.now)(reason.value) : 'is ready'
            return `${index + 1}. ${printable(Account.name(account))} ${status}${mark(pool, account)}`
          })
          return lines.length === 0 ? none : lines.join('\n')
        }),
      )
  return {
    list,
    switchTo: (selector) =>
      changePool(
        ports,
        layout,
      )((pool) => Selector.resolve(selector)(pool).andThen((key) => Pool.pin(key)(pool)))
        .mapErr((error) => ('_tag' in error ? refusal(error._tag, selector) : unreadable))
        .andThen((pool) => {
          const active = Pool.activeAccount(pool)
          return O.isSome(active)
            ? okAsync(`Switched to ${printable(Account.name(active.value))}.`)
            : errAsync(unreadable)
        }),
  }
}

const none = 'No account is signed in. Run in a terminal: codex-multi-auth login'
const unreadable = 'The accounts cannot be read. Run in a terminal: codex-multi-auth list'

const refusal = (tag: string, selector: string): string =>
  tag === 'NoMatch' || tag === 'SeveralMatch'
    ? `${tag === 'NoMatch' ? 'No account is' : 'Several accounts are'} called ${printable(selector)}. Ask for the list.`
    : unreadable

const mark = (pool: Pool.Pool, account: Account.Account): string => {
  const key = Account.key(account)
  if (O.isSome(pool.pinned) && pool.pinned.value === key) return ' (chosen)'
  return O.isSome(pool.active) && pool.active.value === key ? ' (active)' : ''
}
