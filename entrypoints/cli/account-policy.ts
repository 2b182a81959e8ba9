/** `account policy`: what a person wants of each account, or of one. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { ok, type Result, type ResultAsync } from 'neverthrow'
import * as Policy from '../../core/accounts/policy'
import * as Selector from '../../core/accounts/selector'
import { readPolicies } from '../programs/policies'
import { describe } from './account-text'
import { nameOf, type AccountView } from './account-view'
import { accountArgument } from './change-account'
import { command, type Answer, type Context } from './command'
import { whole } from './forms'
import { look, noAccounts } from './list'
import { policyForm, policyText, toPolicyForm } from './policy-text'
import type { CliError } from './render-error'
import { readPool } from '../programs/pool'

export interface Options {
  /** A selector; none for all. */
  readonly account: O.Option<string>
}

interface Done {
  readonly rows: ReadonlyArray<{ readonly account: AccountView; readonly policy: Policy.Policy }>
  readonly warnings: ReadonlyArray<string>
}

const run =
  (context: Context) =>
  ({ account }: Options): ResultAsync<Done, CliError> =>
    readPool(context.ports, context.layout)
      .andThen((pool): Result<O.Option<string>, CliError> =>
        O.isNone(account) ? ok(O.none) : Selector.resolve(account.value)(pool).map(O.some),
      )
      .andThen((wanted) =>
        readPolicies(context.ports, context.layout).andThen((policies) =>
          look(context).map(({ view, warnings }) => ({
            rows: view.accounts
              .filter(({ key }) => O.isNone(wanted) || wanted.value === key)
              .map((one) => ({ account: one, policy: Policy.of(one.key)(policies) })),
            warnings,
          })),
        ),
      )

const form = t.strict({
  accounts: t.array(t.strict({ key: t.string, number: whole, name: t.string, policy: policyForm })),
})

const render = ({ rows, warnings }: Done): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({
    accounts: rows.map(({ account, policy }) => ({
      ...{ key: account.key, number: account.number, name: nameOf(account) },
      policy: toPolicyForm(policy),
    })),
  }),
  text: () =>
    rows.length === 0
      ? noAccounts
      : rows
          .map(
            ({ account, policy }) =>
              `${account.number}  ${describe(account)}\n ${policyText(policy)}\n`,
          )
          .join(''),
  warnings,
})

export const policy = command({
  examples: [
    ['$0 account policy', 'of all accounts'],
    ['$0 account policy 2', 'of the second in the list'],
  ],
  epilogue: '',
  options: (parser) =>
    parser.positional('account', { type: 'string', describe: accountArgument.describe }),
  parse: ({ account }): Options => ({ account: O.fromNullable(account) }),
  run,
  form,
  render,
})
