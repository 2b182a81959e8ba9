/**
 * `check`: what the backend says of every account's quota now. No token is renewed, and a model is asked
 * with `--probe` alone.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { okAsync, ResultAsync } from 'neverthrow'
import * as Seams from '../../core/official/seams'
import { align } from '../../core/tui/columns'
import { shareText } from '../../core/insight/window-text'
import { readPool } from '../programs/pool'
import type { Reading } from '../programs/usage'
import { planOf, statusText, titleOf } from './account-text'
import { accountForm, toAccountForm } from './account-view'
import * as CheckProbe from './check-probe'
import { command, type Answer, type Context } from './command'
import { oneOf, orNull } from './forms'
import { look, noAccounts, type Shown } from './list'
import type { CliError } from './render-error'

export interface Options {
  readonly probes: boolean
  readonly model: O.Option<string>
}

interface Done extends Shown {
  /** In the order of the accounts. */
  readonly readings: ReadonlyArray<Reading>
  readonly probes: O.Option<CheckProbe.Probes>
}

const run =
  (context: Context) =>
  (options: Options): ResultAsync<Done, CliError> =>
    Seams.ofEnvironment(context.environment)
      .mapErr((error): CliError => error)
      .asyncAndThen((seams) =>
        readPool(context.ports, context.layout)
          .mapErr((error): CliError => error)
          .andThen((pool) =>
            loaded(context)
              .andThen(({ ports, readUsage }) =>
                readUsage(ports, context.layout, seams)(pool.accounts),
              )
              .andThen((readings) =>
                (options.probes
                  ? CheckProbe.ask(context, seams)(pool, options.model).map(O.some)
                  : okAsync(O.none)
                ).map((probes) => ({ readings, probes })),
              ),
          ),
      )
      .andThen((told) => look(context).map((shown) => ({ ...shown, ...told })))

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
  /** That was asked; null where none was. */
  model: orNull(t.string),
  accounts: t.array(
    t.strict({ account: accountForm, usage: oneOf(usageNames), probe: orNull(CheckProbe.form) }),
  ),
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

/** A line for each thing that is known: side by side they would fit no terminal. */
const textOf = ({ probes, readings, view }: Done, width: number): string => {
  const rows = view.accounts.map((account) => [
    String(account.number),
    titleOf(account),
    planOf(account),
    // What a probe found says more.
    ...(O.isNone(probes) ? [statusText(view.now)(account)] : []),
  ])
  return align(rows, width, 1)
    .map((head, index) => [
      head,
      ...(O.isSome(probes) ? [CheckProbe.text(view.now)(probes.value, index)] : []),
      usageText(readings[index]),
    ])
    .map((lines) => `${lines.join('\n     ')}\n`)
    .join('')
}

const render = (done: Done, width: number): Answer<t.TypeOf<typeof form>> => {
  const { probes, readings, view, warnings } = done
  return {
    data: () => ({
      model: O.isSome(probes) ? probes.value.model : null,
      accounts: view.accounts.map((account, index) => ({
        account: toAccountForm(account),
        usage: usageName(readings[index]),
        probe: O.isSome(probes) ? CheckProbe.toForm(probes.value, index) : null,
      })),
    }),
    text: () => (view.accounts.length === 0 ? noAccounts : textOf(done, width)),
    warnings: O.isSome(probes)
      ? [...warnings, ...CheckProbe.warningsOf(view.now)(probes.value)]
      : warnings,
    ...(O.isSome(probes) ? { exit: CheckProbe.exitOf(probes.value) } : {}),
  }
}

export const check = command({
  examples: [
    ['$0 check', 'ask how much quota is left'],
    ['$0 check --probe', 'ask a model, too'],
    ['$0 check --probe --model gpt-5.4', 'of this model'],
  ],
  epilogue: [
    'Without --probe no model is asked, and no quota spent.',
    'No token is renewed for a look; one that has ended keeps nobody from serving.',
  ].join('\n'),
  options: (parser) =>
    parser
      .option('probe', {
        type: 'boolean',
        describe: 'Ask a model too: each account spends a little',
      })
      .option('model', {
        type: 'string',
        requiresArg: true,
        implies: 'probe',
        describe: 'The model to ask; the last one used when left out',
      }),
  parse: ({ model, probe }): Options => ({ probes: probe === true, model: O.fromNullable(model) }),
  run,
  form,
  render,
})
