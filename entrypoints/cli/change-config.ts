/** What `config set` and `config unset` share: the change, and what the setting is after it. */
import * as O from 'fp-ts/Option'
import type * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import type * as Catalogue from '../../core/settings/catalogue'
import type { Layout } from '../../core/storage/layout'
import { changeSetting } from '../programs/change-settings'
import { readSettings } from '../programs/settings'
import type { Answer, Context } from './command'
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

export interface ChangedSetting {
  readonly shown: Shown
  readonly warnings: ReadonlyArray<string>
}

export const changeConfig =
  ({ ports, layout, environment }: Context) =>
  (key: Catalogue.Key, value: O.Option<unknown>): ResultAsync<ChangedSetting, CliError> =>
    changeSetting(ports, layout)(key, value)
      .andThen(() => readSettings(ports, layout, environment))
      .map((resolved) => {
        const shown = shownIn(resolved)(key)
        return {
          shown,
          warnings: [
            ...warningsOf({ badSettings: resolved.complaints }),
            ...shadowed(layout, shown, value),
          ],
        }
      })

/** What was asked for does not count where something stronger says otherwise. */
const shadowed = (
  { settings }: Layout,
  { key, origin, value }: Shown,
  asked: O.Option<unknown>,
): ReadonlyArray<string> => {
  const isOurs = origin._tag === 'File' && origin.path === settings
  const isSo = O.isSome(asked) ? isOurs : origin._tag === 'Default'
  return isSo ? [] : [`${key} stays ${valueText(value)}: ${originText(origin)} says so.`]
}

export const renderChange = ({
  shown,
  warnings,
}: ChangedSetting): Answer<t.TypeOf<typeof settingForm>> => ({
  data: () => toSettingForm(shown),
  text: () => `${shown.key} is ${valueText(shown.value)} (${originText(shown.origin)}).\n`,
  warnings,
})
