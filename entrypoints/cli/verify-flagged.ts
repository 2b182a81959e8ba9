/** `verify-flagged`: the sign-ins of accounts that are set aside are tried again. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import * as Seams from '../../core/official/seams'
import { align } from '../../core/tui/columns'
import { printable } from '../../core/tui/printable'
import { readPool } from '../programs/pool'
import { readSettings } from '../programs/settings'
import type { Outcome, Verified } from '../programs/verify-flagged'
import { command, type Answer, type Context } from './command'
import { counted } from './counted'
import { exit } from './exit'
import { oneOf, orNull, whole } from './forms'
import type { CliError } from './render-error'
import { warningsOf } from './warnings'

export interface Options {
  readonly isDry: boolean
  readonly restores: boolean
}

interface Done extends Options {
  readonly verified: ReadonlyArray<Verified>
  /** Still set aside after it. */
  readonly remaining: number
  readonly warnings: ReadonlyArray<string>
}

const run =
  (context: Context) =>
  (options: Options): ResultAsync<Done, CliError> =>
    Seams.ofEnvironment(context.environment)
      .mapErr((error): CliError => error)
      .asyncAndThen((seams) => tried(context, seams, options))
      .andThen((verified) =>
        readPool(context.ports, context.layout).map((pool) => ({
          ...options,
          verified,
          remaining: pool.flagged.length,
          warnings: warningsOf({ badSettings: [] }, pool),
        })),
      )

const tried = (
  context: Context,
  seams: Seams.Seams,
  options: Options,
): ResultAsync<ReadonlyArray<Verified>, CliError> =>
  loaded(context).andThen(({ ports, verifyFlagged }) =>
    readSettings(ports, context.layout, context.environment).andThen(({ settings }) =>
      verifyFlagged(
        ports,
        context.layout,
        seams,
      )({
        ...options,
        spacing: async () => settings.refreshSpacingMs,
        sync: settings.syncCodexCli,
      }),
    ),
  )

/** The network is loaded here and not before. */
const loaded = (context: Context) =>
  ResultAsync.fromSafePromise(
    Promise.all([import('../programs/verify-flagged'), context.signInPorts()]).then(
      ([{ verifyFlagged }, ports]) => ({ verifyFlagged, ports }),
    ),
  )

/** As the existing tool names them; it tries in a dry run too, and has no word for one not tried. */
const outcomeNames = {
  Restored: 'restored',
  Healthy: 'healthy-flagged',
  Refused: 'still-flagged',
  Untold: 'still-flagged',
  Untried: 'not-tried',
} as const satisfies Readonly<Record<Outcome['_tag'], string>>

const form = t.strict({
  total: whole,
  restored: whole,
  healthyFlagged: whole,
  stillFlagged: whole,
  remainingFlagged: whole,
  changed: t.boolean,
  dryRun: t.boolean,
  restore: t.boolean,
  reports: t.array(
    t.strict({
      key: t.string,
      email: orNull(t.string),
      flaggedReason: t.string,
      outcome: oneOf(Object.values(outcomeNames)),
      error: orNull(t.string),
    }),
  ),
})

const outcomeText = (outcome: Outcome): string => {
  switch (outcome._tag) {
    case 'Restored':
      return 'restored'
    case 'Healthy':
      return 'works, and stays set aside'
    case 'Refused':
      return `needs a new sign-in (${printable(outcome.code)})`
    case 'Untold':
      return `could not be told now (${printable(outcome.code)})`
    case 'Untried':
      return 'would be tried'
  }
}

const exitOf = (verified: ReadonlyArray<Verified>): number => {
  const isAny = (tag: Outcome['_tag']): boolean =>
    verified.some(({ outcome }) => outcome._tag === tag)
  if (isAny('Refused')) return exit.signInNeeded
  return isAny('Untold') ? exit.failed : exit.done
}

const render = ({
  isDry,
  remaining,
  restores,
  verified,
  warnings,
}: Done): Answer<t.TypeOf<typeof form>> => {
  const count = (name: string): number =>
    verified.filter(({ outcome }) => outcomeNames[outcome._tag] === name).length
  return {
    data: () => ({
      total: verified.length,
      restored: count('restored'),
      healthyFlagged: count('healthy-flagged'),
      stillFlagged: count('still-flagged'),
      remainingFlagged: remaining,
      changed: !isDry && verified.length > 0,
      dryRun: isDry,
      restore: restores,
      reports: verified.map(({ account, because, outcome }) => ({
        key: Account.key(account),
        email: O.toNullable(account.email),
        flaggedReason: because,
        outcome: outcomeNames[outcome._tag],
        error: 'code' in outcome ? outcome.code : null,
      })),
    }),
    text: () =>
      verified.length === 0 ? 'No account is set aside.\n' : `${lines(isDry, verified)}\n`,
    warnings,
    exit: exitOf(verified),
  }
}

const lines = (isDry: boolean, verified: ReadonlyArray<Verified>): string =>
  [
    `${isDry ? 'Set aside' : 'Tried'}: ${counted(verified.length)}`,
    ...align(
      verified.map(({ account, because, outcome }) => [
        '',
        printable(Account.name(account)),
        printable(because),
        outcomeText(outcome),
      ]),
      Infinity,
    ),
    ...(isDry ? ['Nothing was tried and nothing was changed.'] : []),
    ...(exitOf(verified) === exit.signInNeeded ? ['Sign in again: codex-multi-auth login'] : []),
  ].join('\n')

export const verifyFlagged = command({
  examples: [
    ['$0 verify-flagged', 'try them, take back who works'],
    ['$0 verify-flagged --dry-run', 'only tell who it is'],
  ],
  epilogue: 'A try spends the sign-in it has for a new one, so a dry run tries nothing.',
  options: (parser) =>
    parser
      .option('dry-run', { type: 'boolean', default: false, describe: 'Try nothing' })
      .option('no-restore', {
        type: 'boolean',
        default: false,
        describe: 'Leave those that work aside',
      })
      // As the existing tool's `verify` has them.
      .option('flagged', { type: 'boolean', hidden: true })
      .option('all', { type: 'boolean', hidden: true }),
  parse: ({ 'dry-run': isDry, 'no-restore': leaves }): Options => ({ isDry, restores: !leaves }),
  run,
  form,
  render,
})
