/** `check`: what the backend says of every account's quota now. No model is asked, no token renewed. */
import * as t from 'io-ts'
import { ResultAsync } from 'neverthrow'
import * as Seams from '../../core/official/seams'
import { align } from '../../core/tui/columns'
import { shareText } from '../../core/insight/window-text'
import { readPool } from '../programs/pool'
import type { Reading } from '../programs/usage'
import { planOf, statusText, titleOf } from './account-text'
import { accountForm, toAccountForm } from './account-view'
import { wordless, type Answer, type Context } from './command'
import { oneOf } from './forms'
import { look, noAccounts, type Shown } from './list'
import type { CliError } from './render-error'

interface Done extends Shown {
  /** In the order of the accounts. */
  readonly readings: ReadonlyArray<Reading>
}

const run = (context: Context) => (): ResultAsync<Done, CliError> =>
  Seams.ofEnvironment(context.environment)
    .mapErr((error): CliError => error)
    .asyncAndThen((seams) =>
      readPool(context.ports, context.layout)
        .mapErr((error): CliError => error)
        .andThen(({ accounts }) =>
          loaded(context).andThen(({ ports, readUsage }) =>
            readUsage(ports, context.layout, seams)(accounts),
          ),
        ),
    )
    .andThen((readings) => look(context).map((shown) => ({ ...shown, readings })))

/** The network is loaded here and not before. */
const loaded = (context: Context) =>
  ResultAsync.fromSafePromise(
    Promise.all([import('../programs/usage'), context.signInPorts()]).then(
      ([{ readUsage }, ports]) => ({ readUsage, ports }),
    ),
  )

const usageNames = [
  ...(['read', 'needs-sign-in', 'token-ended'] as const),
  ...(['refused', 'not-reached', 'not-understood', 'not-asked'] as const),
] as const

const form = t.strict({
  accounts: t.array(t.strict({ account: accountForm, usage: oneOf(usageNames) })),
})

const usageName = (reading: Reading | undefined): (typeof usageNames)[number] => {
  switch (reading?._tag) {
    case 'Read':
      return 'read'
    case 'SignInLost':
      return 'needs-sign-in'
    case 'TokenEnded':
      return 'token-ended'
    case 'Refused':
      return 'refused'
    case 'NotReached':
      return 'not-reached'
    case 'NotUnderstood':
      return 'not-understood'
    case undefined:
      return 'not-asked'
  }
}

const usageText = (reading: Reading | undefined): string => {
  switch (reading?._tag) {
    case 'Read': {
      const { observedAt, windows } = reading.snapshot
      return windows.map(shareText(observedAt)).join(', ')
    }
    case 'SignInLost':
      return 'not asked: sign in again'
    case 'TokenEnded':
      return 'not told: the next request renews its token'
    case 'Refused':
      return `not told: the backend refused (HTTP ${reading.status})`
    case 'NotReached':
      return 'not told: the backend was not reached'
    case 'NotUnderstood':
      return 'not told: the answer names no window'
    case undefined:
      return 'not asked: it is set aside'
  }
}

const render = (
  { readings, view, warnings }: Done,
  width: number,
): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({
    accounts: view.accounts.map((account, index) => ({
      account: toAccountForm(account),
      usage: usageName(readings[index]),
    })),
  }),
  text: () =>
    view.accounts.length === 0
      ? noAccounts
      : align(
          [
            ['#', 'ACCOUNT', 'PLAN', 'STATUS', 'QUOTA'],
            ...view.accounts.map((account, index) => [
              String(account.number),
              titleOf(account),
              planOf(account),
              statusText(view.now)(account),
              usageText(readings[index]),
            ]),
          ],
          width,
          1,
        )
          .join('\n')
          .concat('\n'),
  warnings,
})

export const check = wordless({
  examples: [['$0 check', 'ask how much quota is left']],
  epilogue: 'It asks no model and costs no quota. No token is renewed for a look.',
  run,
  form,
  render,
})
