/** The accounts as a tool of the host, in words a model passes on to the person. Holds no token. */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as Selector from '../../../core/accounts/selector'
import { explanationText } from '../../../core/insight/explanation-text'
import { phrase } from '../../../core/insight/reason'
import { windowText } from '../../../core/insight/window-text'
import type { Layout } from '../../../core/storage/layout'
import type { Instant } from '../../../core/time'
import { printable } from '../../../core/tui/printable'
import { explainNext, type NextQuestion } from '../../programs/explain'
import type { LoadPorts } from '../../programs/load'
import { readOutlook, seenOf, type Outlook, type Seen } from '../../programs/outlook'
import { changePool, readPool } from '../../programs/pool'
import type { Ports } from '../../programs/ports'

type AccountPorts = Pick<Ports, 'files' | 'lock' | 'clock'> & LoadPorts
type Environment = Readonly<Record<string, string | undefined>>

export interface Accounts {
  readonly list: () => ResultAsync<string, string>
  /** The same, with how requests are routed and what is left of each quota. */
  readonly status: () => ResultAsync<string, string>
  /** Who the next request goes to, and why not the others. */
  readonly why: () => ResultAsync<string, string>
  readonly switchTo: (selector: string) => ResultAsync<string, string>
}

export const openAccounts = (
  ports: AccountPorts,
  layout: Layout,
  environment: Environment,
  /** Puts what this process has observed where it is looked for. */
  settle: () => ResultAsync<void, never>,
): Accounts => {
  const look = (tell: (pool: Pool.Pool, outlook: Outlook) => string) => () =>
    settle()
      .andThen(() => readPool(ports, layout))
      .mapErr(() => unreadable)
      .andThen((pool) =>
        readOutlook(ports, layout, environment).map((outlook) =>
          pool.accounts.length === 0 ? none : tell(pool, outlook),
        ),
      )
  return {
    list: look((pool, outlook) => lines(pool, outlook).join('\n')),
    status: look(statusText),
    why: () =>
      settle()
        .andThen(() => explainNext(ports, layout, environment)(anyRequest))
        .mapErr(() => unreadable)
        .map(({ explanation, pool }) =>
          explanationText(
            { explanation, pool, now: explanation.at, isLast: false, instead: O.none },
            Infinity,
          ),
        ),
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

const lines = (pool: Pool.Pool, outlook: Outlook): ReadonlyArray<string> => {
  const seen = seenOf(pool, outlook)
  return pool.accounts.map((account, index) => {
    const { reason } = seen(account)
    const status = O.isSome(reason) ? phrase(outlook.now)(reason.value) : 'is ready'
    return `${index + 1}. ${printable(Account.name(account))} ${status}${mark(pool, account)}`
  })
}

const statusText = (pool: Pool.Pool, outlook: Outlook): string => {
  const seen = seenOf(pool, outlook)
  const { schedulingStrategy: strategy } = outlook.settings
  const ready = pool.accounts.filter((account) => O.isNone(seen(account).reason)).length
  const heads = lines(pool, outlook)
  return [
    `Routing ${strategy === 'manual' ? 'manual' : 'automatic'}, strategy ${strategy}. Ready ${ready} of ${pool.accounts.length} accounts.`,
    ...pool.accounts.flatMap((account, index) => [
      heads[index] ?? '',
      ...quotaLines(seen(account), outlook.now),
    ]),
  ].join('\n')
}

const quotaLines = ({ quota }: Seen, now: Instant): ReadonlyArray<string> =>
  O.isNone(quota)
    ? ['   quota not seen yet']
    : quota.value.windows.map((window) => `   ${windowText(now)(window)}`)

/** The next request, whatever it is. */
const anyRequest: NextQuestion = { conversation: O.none, parent: O.none, model: O.none }

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
