/** `config explain`: what each setting is, and where that is said. */
import * as t from 'io-ts'
import { okAsync, type ResultAsync } from 'neverthrow'
import * as Asked from '../../core/settings/asked'
import * as Catalogue from '../../core/settings/catalogue'
import { align } from '../../core/tui/columns'
import { readSettings } from '../programs/settings'
import { command, type Answer, type Context } from './command'
import type { CliError } from './render-error'
import {
  originText,
  settingForm,
  shownIn,
  toSettingForm,
  valueText,
  type Shown,
} from './setting-text'
import { warningsOf } from './warnings'

export interface Options {
  /** Of one setting; all when left out. */
  readonly setting: string | undefined
}

export interface Explained {
  readonly shown: ReadonlyArray<Shown>
  readonly isOne: boolean
  readonly warnings: ReadonlyArray<string>
}

export const run =
  ({ ports, layout, environment }: Context) =>
  ({ setting }: Options): ResultAsync<Explained, CliError> =>
    keysOf(setting).andThen((keys) =>
      readSettings(ports, layout, environment).map((resolved) => ({
        shown: keys.map(shownIn(resolved)),
        isOne: setting !== undefined,
        warnings: warningsOf({ badSettings: resolved.complaints }),
      })),
    )

const keysOf = (
  setting: string | undefined,
): ResultAsync<ReadonlyArray<Catalogue.Key>, Asked.SettingRefusal> =>
  setting === undefined
    ? okAsync(Catalogue.keys)
    : Asked.keyOf(setting).asyncAndThen((key) => okAsync([key]))

const form = t.strict({ settings: t.array(settingForm) })

export const render = ({ isOne, shown, warnings }: Explained): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({ settings: shown.map(toSettingForm) }),
  text: () => (isOne ? shown.map(whole).join('') : table(shown)),
  warnings,
})

/** Not narrowed: a path cut short could not be copied. */
const table = (shown: ReadonlyArray<Shown>): string =>
  align(
    [
      ['SETTING', 'VALUE', 'FROM'],
      ...shown.map(({ key, origin, value }) => [key, valueText(value), originText(origin)]),
    ],
    Infinity,
  )
    .join('\n')
    .concat('\n')

const whole = ({ key, origin, value }: Shown): string => {
  const { help, kind, older, standard, variables } = Catalogue.rowOf(key)
  const unit = kind.unit === '' ? '' : ` ${kind.unit}`
  const lines = align(
    [
      ['Is', `${valueText(value)}${unit}`],
      ['From', originText(origin)],
      ['Takes', kind.codec.name],
      ['Default', valueText(standard)],
      ...variables.map(({ name }) => ['Variable', name]),
      ...(older === undefined ? [] : [['In older files', older.name]]),
    ],
    Infinity,
  )
  return `${key}: ${help}\n${lines.join('\n')}\n`
}

export const configExplain = command({
  examples: [
    ['$0 config explain', 'every setting'],
    ['$0 config explain syncCodexCli', 'what it means'],
  ],
  epilogue: '',
  options: (parser) =>
    parser.positional('setting', { type: 'string', describe: 'one setting by its name' }),
  parse: ({ setting }): Options => ({ setting }),
  run,
  form,
  render,
})
