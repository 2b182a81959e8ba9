/** `config set`: gives a setting a value in the settings file. */
import * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'
import * as Asked from '../../core/settings/asked'
import { changeConfig, renderChange, type ChangedSetting } from './change-config'
import { command, type Context } from './command'
import { settingArgument } from './config-get'
import type { CliError } from './render-error'
import { settingForm } from './setting-text'

export interface Options {
  readonly setting: string
  readonly value: string
}

export const run =
  (context: Context) =>
  ({ setting, value }: Options): ResultAsync<ChangedSetting, CliError> =>
    Asked.keyOf(setting).asyncAndThen((key) =>
      Asked.valueOf(key)(value).asyncAndThen((meant) => changeConfig(context)(key, O.some(meant))),
    )

export const configSet = command({
  examples: [
    ['$0 config set fetchTimeoutMs 60000', 'in milliseconds'],
    ['$0 config set liveAccountSync off', 'on or off'],
  ],
  epilogue: '',
  options: (parser) =>
    parser.positional('setting', settingArgument).positional('value', {
      type: 'string',
      demandOption: true,
      describe: 'a word, a number, or JSON',
    }),
  parse: ({ setting, value }): Options => ({ setting, value }),
  run,
  form: settingForm,
  render: renderChange,
})
