/** `limits clear`: all that keeps accounts out for a while is forgotten, so that they are asked again. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { AccountKey } from '../../core/accounts/identity'
import * as Circuit from '../../core/health/circuit'
import * as Cooldown from '../../core/health/cooldown'
import * as RuntimeState from '../../core/storage/runtime-state'
import { readOutlook, sown, type Outlook } from '../programs/outlook'
import { readPool } from '../programs/pool'
import { clearLimits } from '../programs/runtime'
import { describe } from './account-text'
import { viewOf, type AccountView } from './account-view'
import { command, type Answer, type Context } from './command'
import { confirmed, yesOption } from './confirmation'
import { keysOf } from './limits'
import type { CliError } from './render-error'

export interface Options {
  /** A selector. */
  readonly account: O.Option<string>
  readonly isAll: boolean
  readonly isDryRun: boolean
  readonly isConfirmed: boolean
}

interface Done {
  readonly isDryRun: boolean
  /** Of which there is something to forget. */
  readonly accounts: ReadonlyArray<AccountView>
}

const run =
  (context: Context) =>
  (options: Options): ResultAsync<Done, CliError> =>
    meant(options)
      .andThen(() => confirmed('limits clear', options.isConfirmed || options.isDryRun))
      .asyncAndThen(() => readPool(context.ports, context.layout))
      .mapErr((error): CliError => error)
      .andThen((pool) => keysOf(options.account, pool).map((keys) => ({ keys, pool })))
      .andThen(({ keys, pool }) =>
        readOutlook(context.ports, context.layout, context.environment)
          .map(sown(pool))
          .map((outlook) =>
            viewOf(
              context.layout.pool,
              outlook,
            )(pool).accounts.filter(({ key }) => keys.includes(key) && isLimited(outlook, key)),
          ),
      )
      .andThen((accounts) => forget(context, options.isDryRun, accounts))

/** One account, or all of them by that word. */
const meant = ({ account, isAll }: Options): Result<void, CliError> =>
  O.isSome(account) !== isAll
    ? ok(undefined)
    : err({
        _tag: 'WrongUsage',
        message: 'limits clear takes an account, or --all',
        command: O.some('limits clear'),
      })

const isLimited = ({ now, state }: Outlook, key: AccountKey): boolean =>
  O.isSome(RuntimeState.quotaOf(key)(state)) ||
  !Cooldown.isReady(now)(RuntimeState.cooldownOf(key)(state)) ||
  O.isSome(Circuit.heldUntil(now)(RuntimeState.standingOf(key)(state).circuit)) ||
  Object.keys(RuntimeState.lacksOf(key)(state)).length > 0

const forget = (
  { layout, ports }: Context,
  isDryRun: boolean,
  accounts: ReadonlyArray<AccountView>,
): ResultAsync<Done, CliError> => {
  const done = { isDryRun, accounts }
  return isDryRun || accounts.length === 0
    ? okAsync(done)
    : clearLimits(ports, layout)(accounts.map(({ key }) => key)).map(() => done)
}

const form = t.strict({ dryRun: t.boolean, cleared: t.array(t.string) })

const render = ({ accounts, isDryRun }: Done): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({ dryRun: isDryRun, cleared: accounts.map(({ key }) => key) }),
  text: () =>
    accounts.length === 0
      ? 'There is nothing to forget.\n'
      : accounts
          .map(
            (account) =>
              `${isDryRun ? 'Would forget' : 'Forgot'} the limits of account ${account.number}, ${describe(account)}.\n`,
          )
          .join(''),
  warnings: [],
})

export const limitsClear = command({
  examples: [
    ['$0 limits clear 2 --yes', 'of one account'],
    ['$0 limits clear --all --dry-run', 'see what would be forgotten'],
  ],
  epilogue: 'The backend keeps its limits: who is still limited refuses once more.',
  options: (parser) =>
    parser
      .positional('account', {
        type: 'string',
        describe: 'number, e-mail, label, id, or a part of one',
      })
      .option('all', { type: 'boolean', default: false, describe: 'Of every account' })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Change nothing' })
      .option('yes', yesOption),
  parse: ({ account, all, 'dry-run': dryRun, yes }): Options => ({
    account: O.fromNullable(account),
    isAll: all,
    isDryRun: dryRun,
    isConfirmed: yes,
  }),
  run,
  form,
  render,
})
