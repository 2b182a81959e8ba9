/** `export`: the accounts with their tokens, as a file of the person's own. */
import * as t from 'io-ts'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type * as Pool from '../../core/accounts/pool'
import { noticeText } from '../../core/insight/notice-text'
import { decode, parseJson } from '../../core/result'
import * as PoolFile from '../../core/storage/pool-file'
import { iso } from '../../core/time'
import { printable } from '../../core/tui/printable'
import { refused, writeAccounts } from '../programs/account-file'
import { sweepAbandoned } from '../programs/drafts'
import { readPool } from '../programs/pool'
import { command, type Answer, type Context } from './command'
import type { CliError } from './render-error'
import { counted } from './counted'
import { orNull, whole } from './forms'

export interface Options {
  readonly file: string | undefined
  readonly isConfirmed: boolean
}

export interface Done {
  /** `-` for standard output. */
  readonly file: string
  readonly pool: Pool.Pool
}

const standardOutput = '-'

const run =
  ({ ports, layout }: Context) =>
  ({ file: given, isConfirmed }: Options): ResultAsync<Done, CliError> => {
    const day = iso(ports.clock.now()).slice(0, 10)
    const file = given ?? `codex-multi-auth-accounts-${day}.json`
    return readPool(ports, layout).andThen((pool): ResultAsync<Done, CliError> => {
      if (pool.accounts.length === 0) return errAsync(refused(layout.pool, 'empty'))
      return file === standardOutput
        ? okAsync({ file, pool })
        : sweepAbandoned(ports, file)
            .andThen(() => writeAccounts(ports)(file, pool, isConfirmed))
            .map(() => ({ file, pool }))
    })
  }

/** As the file has it: a row that is no account is carried along, and so is what nobody knows. */
const poolForm = t.type({ version: whole, accounts: t.array(t.unknown) }, 'PoolFile')

const form = t.strict({ file: orNull(t.string), accounts: whole, pool: orNull(poolForm) })

/** The tokens go to standard output only when that is what was asked for. */
const render = ({ file, pool }: Done): Answer<t.TypeOf<typeof form>> => {
  const isShown = file === standardOutput
  return {
    data: () => ({
      file: isShown ? null : file,
      accounts: pool.accounts.length,
      pool: isShown
        ? parseJson(PoolFile.print(pool)).andThen(decode(poolForm)).unwrapOr(null)
        : null,
    }),
    text: () =>
      isShown
        ? PoolFile.print(pool)
        : `Exported ${counted(pool.accounts.length)} to ${printable(file)}\n`,
    warnings: [
      ...pool.notices.map(noticeText),
      'The export holds tokens: whoever has it can use the accounts.',
    ],
  }
}

export const exportTo = command({
  examples: [
    ['$0 export', 'to a file with a date, in this folder'],
    ['$0 export accounts.json', 'to a file of that name'],
    ['$0 export -', 'to standard output'],
  ],
  epilogue: 'What it writes holds tokens, and only you can read it.',
  options: (parser) =>
    parser
      .positional('file', { type: 'string', describe: 'Where to; - is standard output' })
      .option('yes', { type: 'boolean', default: false, describe: 'Write over a file there' }),
  parse: ({ file, yes }): Options => ({ file, isConfirmed: yes }),
  run,
  form,
  render,
})
