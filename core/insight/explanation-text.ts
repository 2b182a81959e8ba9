/** A decision as a person reads it: who the request goes to, and a line an account. */
import * as O from 'fp-ts/Option'
import * as Account from '../accounts/account'
import type * as Pool from '../accounts/pool'
import type { Instant } from '../time'
import { align } from '../tui/columns'
import { printable } from '../tui/printable'
import { relative } from '../tui/relative-time'
import * as Explanation from './explanation'

export interface Told {
  readonly explanation: Explanation.Explanation
  /** Of the last request, and not of the next one. */
  readonly isLast: boolean
  readonly now: Instant
  readonly pool: Pool.Pool
  /** What was asked for, where another model stands in for it. */
  readonly instead: O.Option<string>
}

export const explanationText = (
  { explanation, instead, isLast, now, pool }: Told,
  width: number,
): string => {
  const chosen = Explanation.chosenOf(explanation)
  const to = O.isSome(chosen)
    ? `account ${chosen.value.number}, ${nameIn(pool, chosen.value)}`
    : 'no account'
  const head = isLast
    ? `The last decision, ${relative(now)(explanation.at)}, was for ${to}.`
    : `The next request goes to ${to}${O.isSome(instead) ? standInText(instead.value, explanation) : ''}.`
  return `${head}\n\n${table(explanation, pool, width)}\n${othersText(explanation)}`
}

const othersText = ({ others }: Explanation.Explanation): string =>
  others.length === 0 ? '' : ['Of the others:', ...others.map(otherText), ''].join('\n')

const otherText = ({ accounts, outcome }: Explanation.Others): string =>
  `  ${accounts} ${printable(outcome)}`

const standInText = (asked: string, { model }: Explanation.Explanation): string =>
  `, with ${printable(O.getOrElse(() => 'another model')(model))} in the place of ${printable(asked)}`

/** What an account is called now, or the id of one that is gone. */
export const nameIn = (pool: Pool.Pool, row: Explanation.Row): string => {
  const account = Explanation.accountOf(row)(pool)
  return printable(O.isSome(account) ? Account.name(account.value) : row.accountId)
}

/** Gives way where lines are too long. */
const accountColumn = 1

const table = ({ rows }: Explanation.Explanation, pool: Pool.Pool, width: number): string =>
  align(
    [
      ['#', 'ACCOUNT', 'WHY'],
      ...rows.map((row) => [
        String(row.number),
        nameIn(pool, row),
        O.isSome(row.because) ? `chosen: it ${row.says}` : printable(row.says),
      ]),
    ],
    width,
    accountColumn,
  ).join('\n')
