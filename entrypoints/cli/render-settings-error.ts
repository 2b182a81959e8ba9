/** Words for what can go wrong with the settings. */
import * as O from 'fp-ts/Option'
import type { SettingRefusal } from '../../core/settings/asked'
import * as Catalogue from '../../core/settings/catalogue'
import type { BadSettingsFile } from '../../core/settings/settings-file'
import { printable } from '../../core/tui/printable'
import { near } from './near'
import { quoted, rendered, type Rendered } from './rendered'

export type SettingsError = SettingRefusal | BadSettingsFile

export const renderSettingsError = (error: SettingsError): Rendered => {
  switch (error._tag) {
    case 'NoSuchSetting':
      return noSuchSetting(error.name)
    case 'SettingIgnored':
      return rendered(
        'setting-ignored',
        `${error.name} means nothing here. ${error.because}`,
        'See what does: codex-multi-auth config explain',
      )
    case 'BadValue':
      return rendered(
        'bad-value',
        `${error.key} takes ${error.takes}.`,
        `See what it means: codex-multi-auth config explain ${error.key}`,
      )
    case 'BadSettingsFile':
      return ofFile(error)
  }
}

const noSuchSetting = (name: string): Rendered => {
  const lower = new Map(Catalogue.keys.map((key) => [key.toLowerCase(), key]))
  const meant = near(name, [...lower.keys()]).map((key) => lower.get(key) ?? key)
  return rendered(
    'no-such-setting',
    `There is no setting ${quoted(name)}.`,
    meant.length > 0
      ? 'Did you mean one of these?'
      : 'See all settings: codex-multi-auth config explain',
    meant.map((key) => ({ value: key, line: key })),
  )
}

const ofFile = ({ because, line, path }: BadSettingsFile): Rendered => {
  const file = printable(path)
  const where = O.isSome(line) ? `${file}, line ${line.value},` : file
  const anew = `Mend it, or begin anew: mv '${file}' '${file}.broken'`
  switch (because) {
    case 'no-json':
      return rendered('settings-no-json', `${where} is no JSON, so nothing was changed.`, anew)
    case 'no-settings':
      return rendered(
        'settings-malformed',
        `${where} has not the form of settings, so nothing was changed.`,
        anew,
      )
    case 'newer':
      return rendered(
        'settings-newer',
        `${where} is of a newer version, so nothing was changed.`,
        'Update codex-multi-auth: npm install -g codex-multi-auth',
      )
  }
}
