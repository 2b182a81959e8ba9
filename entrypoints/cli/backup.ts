/** `backup`: a copy of the accounts under a name. */
import * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import { noticeText } from '../../core/insight/notice-text'
import { printable } from '../../core/tui/printable'
import { backUp, type BackedUp } from '../programs/backups'
import { command, type Answer, type Context } from './command'
import { counted } from './counted'
import { whole } from './forms'
import type { CliError } from './render-error'

export interface Options {
  readonly name: string
}

const run =
  ({ ports, layout }: Context) =>
  ({ name }: Options): ResultAsync<BackedUp, CliError> =>
    backUp(ports, layout)(name)

const form = t.strict({ name: t.string, file: t.string, accounts: whole })

const render = ({ name, path, pool }: BackedUp): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({ name, file: path, accounts: pool.accounts.length }),
  text: () =>
    `Backed up ${counted(pool.accounts.length)} to ${printable(path)}\n` +
    `Put it back: codex-multi-auth restore ${name} --yes\n`,
  warnings: [
    ...pool.notices.map(noticeText),
    'The backup holds tokens: whoever has it can use the accounts.',
  ],
})

export const backup = command({
  examples: [['$0 backup before-travel', 'a copy under that name']],
  epilogue: 'What remove and logout forget is taken out of backups too.',
  options: (parser) =>
    parser.positional('name', {
      type: 'string',
      demandOption: true,
      describe: 'Letters, digits, _ and -',
    }),
  parse: ({ name }): Options => ({ name }),
  run,
  form,
  render,
})
