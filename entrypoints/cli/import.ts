/** `import`: the accounts of a file join those that are here. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import * as Merging from '../../core/accounts/merging'
import { noticeText } from '../../core/insight/notice-text'
import { isOfProject } from '../../core/storage/layout'
import { align } from '../../core/tui/columns'
import { printable } from '../../core/tui/printable'
import { importAccounts, type Imported } from '../programs/import-accounts'
import { toWhoForm, whoForm } from './account-view'
import { command, type Answer, type Context } from './command'
import { counted } from './counted'
import { oneOf, orNull, whole } from './forms'
import type { CliError } from './render-error'
import { leftOutText } from './warnings'

export interface Options {
  readonly file: string
  readonly isDry: boolean
}

export interface Done extends Imported, Options {
  readonly isOfProject: boolean
}

const run =
  ({ ports, layout }: Context) =>
  ({ file, isDry }: Options): ResultAsync<Done, CliError> =>
    importAccounts(ports, layout)(file, isDry).map((imported) => ({
      ...imported,
      ...{ file, isDry, isOfProject: isOfProject(layout) },
    }))

const form = t.strict({
  file: t.string,
  dryRun: t.boolean,
  accounts: t.readonlyArray(
    t.strict({ key: t.string, email: orNull(t.string), change: oneOf(Merging.changes) }),
  ),
  leftOut: t.readonlyArray(whoForm),
  total: whole,
})

const render = (done: Done): Answer<t.TypeOf<typeof form>> => {
  const { file, found, isDry, leftOut, pool, taken } = done
  return {
    data: () => ({
      file,
      dryRun: isDry,
      accounts: taken.map(({ account, change }) => ({
        key: Account.key(account),
        email: O.toNullable(account.email),
        change,
      })),
      leftOut: leftOut.map(toWhoForm),
      total: pool.accounts.length,
    }),
    text: () =>
      [
        `${isDry ? 'Would import' : 'Imported'} ${counted(taken.length)} from ${printable(file)}`,
        ...align(
          taken.map(({ account, change }) => ['', change, printable(Account.name(account))]),
          Infinity,
        ),
        ...(isDry ? ['Nothing was changed.'] : []),
      ]
        .join('\n')
        .concat('\n'),
    warnings: [
      ...pool.notices.map(noticeText),
      ...found.map((one) => `In the import: ${noticeText(one)}`),
      ...leftOut.map(leftOutText(done.isOfProject)),
    ],
  }
}

export const importFrom = command({
  examples: [
    ['$0 import accounts.json --dry-run', 'only tell what it would do'],
    ['$0 import accounts.json', 'take them in'],
  ],
  epilogue: 'An account that is here keeps its label and the newer of both sign-ins.',
  options: (parser) =>
    parser
      .positional('file', { type: 'string', demandOption: true, describe: 'At most 4 MB' })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Change nothing' }),
  parse: ({ file, 'dry-run': isDry }): Options => ({ file, isDry }),
  run,
  form,
  render,
})
