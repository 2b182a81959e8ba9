/** One change to the policy of the account that a selector names, and the command that makes it. */
import * as t from 'io-ts'
import type { Result, ResultAsync } from 'neverthrow'
import type * as Policy from '../../core/accounts/policy'
import * as Selector from '../../core/accounts/selector'
import { fromOption } from '../../core/result'
import { readOutlook } from '../programs/outlook'
import { changePolicy } from '../programs/policies'
import { describe } from './account-text'
import { accountForm, findView, toAccountForm, viewOf, type AccountView } from './account-view'
import { accountArgument } from './change-account'
import { command, parserTerms, type Answer, type Command, type Context } from './command'
import { policyForm, policyText, toPolicyForm } from './policy-text'
import type { CliError } from './render-error'
import { warningsOf } from './warnings'

interface Done {
  readonly account: AccountView
  readonly before: Policy.Policy
  readonly after: Policy.Policy
  readonly warnings: ReadonlyArray<string>
}

const run =
  ({ ports, layout, environment }: Context) =>
  (
    selector: string,
    change: (policy: Policy.Policy) => Result<Policy.Policy, CliError>,
  ): ResultAsync<Done, CliError> =>
    changePolicy(ports, layout)<CliError>(Selector.resolve(selector), change).andThen(
      ({ key, pool, before, after }) =>
        readOutlook(ports, layout, environment).andThen((outlook) =>
          fromOption((): CliError => ({ _tag: 'NoSuchAccount', key }))(
            findView(key)(viewOf(layout.pool, outlook)(pool)),
          ).map((account) => ({ account, before, after, warnings: warningsOf(outlook, pool) })),
        ),
    )

const form = t.strict({ account: accountForm, policy: policyForm, changed: t.boolean })

const render = ({ account, before, after, warnings }: Done): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({
    account: toAccountForm(account),
    policy: toPolicyForm(after),
    changed: before !== after,
  }),
  text: () =>
    `Account ${account.number}, ${describe(account)}${before === after ? ', was so already' : ''}:\n` +
    `${policyText(after)}\n`,
  warnings,
})

/** What a change takes beside the account; none takes nothing. */
export interface Argument {
  readonly name: string
  readonly isSeveral: boolean
  readonly mayBeEmpty?: boolean
  readonly describe: string
}

export const policyCommand = (
  change: (
    words: ReadonlyArray<string>,
  ) => (policy: Policy.Policy) => Result<Policy.Policy, CliError>,
  examples: ReadonlyArray<readonly [line: string, meaning: string]>,
  argument?: Argument,
): Command =>
  command({
    examples,
    epilogue: '',
    options: (parser) => {
      const taking = parser.positional('account', accountArgument)
      return argument === undefined
        ? taking
        : // Several words reach the parser as one argument given several times.
          taking
            .parserConfiguration({ ...parserTerms, 'duplicate-arguments-array': true })
            .positional(argument.name, {
              type: 'string',
              demandOption: true,
              array: argument.isSeveral,
              describe: argument.describe,
            })
    },
    ...(argument?.mayBeEmpty === true ? { mayBeEmpty: argument.name } : {}),
    parse: (given: Readonly<Record<string, unknown>>) => ({
      account: String(given['account']),
      words: [given[argument?.name ?? '']]
        .flat()
        .filter((word) => word !== undefined)
        .map(String),
    }),
    run:
      (context) =>
      ({ account, words }) =>
        run(context)(account, change(words)),
    form,
    render,
  })
