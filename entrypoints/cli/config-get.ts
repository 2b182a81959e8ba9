/** `config get`: the value of one setting, alone on its line. */
import type * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import * as Asked from '../../core/settings/asked'
import { readSettings } from '../programs/settings'
import { command, type Answer, type Context } from './command'
import type { CliError } from './render-error'
import { settingForm, shownIn, toSettingForm, valueText, type Shown } from './setting-text'
import { warningsOf } from './warnings'

export interface Options {
  readonly setting: string
}

export interface Got {
  readonly shown: Shown
  readonly warnings: ReadonlyArray<string>
}

export const run =
  ({ ports, layout, environment }: Context) =>
  ({ setting }: Options): ResultAsync<Got, CliError> =>
    Asked.keyOf(setting).asyncAndThen((key) =>
      readSettings(ports, layout, environment).map((resolved) => ({
        shown: shownIn(resolved)(key),
        warnings: warningsOf({ badSettings: resolved.complaints }),
      })),
    )

export const render = ({ shown, warnings }: Got): Answer<t.TypeOf<typeof settingForm>> => ({
  data: () => toSettingForm(shown),
  text: () => `${valueText(shown.value)}\n`,
  warnings,
})

/** Which setting a command is about. */
export const settingArgument = {
  type: 'string',
  demandOption: true,
  describe: 'a setting by its name',
} as const

export const configGet = command({
  examples: [['$0 config get schedulingStrategy', 'for a script']],
  epilogue: '',
  options: (parser) => parser.positional('setting', settingArgument),
  parse: ({ setting }): Options => ({ setting }),
  run,
  form: settingForm,
  render,
})
