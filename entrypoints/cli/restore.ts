/** `restore`: a backup in the place of the accounts, or the backups there are. */
import * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import { noticeText } from '../../core/insight/notice-text'
import { isOfProject } from '../../core/storage/layout'
import { iso } from '../../core/time'
import { align } from '../../core/tui/columns'
import { printable } from '../../core/tui/printable'
import { listBackups, restoreBackup, type Backup, type Restored } from '../programs/backups'
import { toWhoForm, whoForm } from './account-view'
import { command, type Answer, type Context } from './command'
import { counted } from './counted'
import { time, whole } from './forms'
import type { CliError } from './render-error'
import { leftOutText } from './warnings'

export interface Options {
  readonly name: string | undefined
  readonly isConfirmed: boolean
}

export type Done =
  | { readonly _tag: 'Listed'; readonly backups: ReadonlyArray<Backup> }
  | (Restored & { readonly _tag: 'Restored'; readonly isOfProject: boolean })

const run =
  ({ ports, layout }: Context) =>
  ({ name, isConfirmed }: Options): ResultAsync<Done, CliError> =>
    name === undefined
      ? listBackups(ports, layout).map((backups): Done => ({ _tag: 'Listed', backups }))
      : restoreBackup(ports, layout)(name, isConfirmed).map((done): Done => ({
          _tag: 'Restored',
          isOfProject: isOfProject(layout),
          ...done,
        }))

const listForm = t.strict({
  backups: t.readonlyArray(t.strict({ name: t.string, file: t.string, modifiedAt: time })),
})

const doneForm = t.strict({
  name: t.string,
  file: t.string,
  accounts: whole,
  forgotten: t.readonlyArray(whoForm),
  leftOut: t.readonlyArray(whoForm),
})

const form = t.union([listForm, doneForm])

const render = (done: Done): Answer<t.TypeOf<typeof form>> =>
  done._tag === 'Listed' ? renderList(done.backups) : renderDone(done)

const renderList = (backups: ReadonlyArray<Backup>): Answer<t.TypeOf<typeof listForm>> => ({
  data: () => ({
    backups: backups.map(({ name, path, modifiedAt }) => ({
      name,
      file: path,
      modifiedAt: iso(modifiedAt),
    })),
  }),
  text: () =>
    backups.length === 0
      ? 'No backups yet. Make one: codex-multi-auth backup NAME\n'
      : align(
          [['BACKUP', 'MADE'], ...backups.map(({ name, modifiedAt }) => [name, iso(modifiedAt)])],
          Infinity,
        )
          .join('\n')
          .concat('\n'),
  warnings: [],
})

const renderDone = ({
  name,
  path,
  pool,
  dropped,
  isOfProject: isProjects,
  leftOut,
}: Extract<Done, { readonly _tag: 'Restored' }>): Answer<t.TypeOf<typeof doneForm>> => ({
  data: () => ({
    name,
    file: path,
    accounts: pool.accounts.length,
    forgotten: dropped.map(toWhoForm),
    leftOut: leftOut.map(toWhoForm),
  }),
  text: () =>
    [
      `Restored ${counted(pool.accounts.length)} from ${printable(path)}`,
      ...dropped.map((account) => `Forgot ${printable(Account.name(account))}`),
    ]
      .join('\n')
      .concat('\n'),
  warnings: [...pool.notices.map(noticeText), ...leftOut.map(leftOutText(isProjects))],
})

export const restore = command({
  examples: [
    ['$0 restore', 'the backups there are'],
    ['$0 restore before-travel', 'tell what it would forget'],
    ['$0 restore before-travel --yes', 'put it back'],
  ],
  epilogue: 'An account that is here too keeps the newer of both sign-ins.',
  options: (parser) =>
    parser
      .positional('name', { type: 'string', describe: 'Of a backup; lists them when left out' })
      .option('yes', { type: 'boolean', default: false, describe: 'Go ahead' }),
  parse: ({ name, yes }): Options => ({ name, isConfirmed: yes }),
  run,
  form,
  render,
})
