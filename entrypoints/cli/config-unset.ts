/** `config unset`: takes a setting out of the settings file. */
import * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'
import * as Asked from '../../core/settings/asked'
import { changeConfig, renderChange, type ChangedSetting } from './change-config'
import { command, type Context } from './command'
import { settingArgument, type Options } from './config-get'
import type { CliError } from './render-error'
import { settingForm } from './setting-text'

export const run =
  (context: Context) =>
  ({ setting }: Options): ResultAsync<ChangedSetting, CliError> =>
    Asked.keyOf(setting).asyncAndThen((key) => changeConfig(context)(key, O.none))

export const configUnset = command({
  examples: [['$0 config unset schedulingStrategy', 'the default counts again']],
  epilogue: '',
  options: (parser) => parser.positional('setting', settingArgument),
  parse: ({ setting }): Options => ({ setting }),
  run,
  form: settingForm,
  render: renderChange,
})
