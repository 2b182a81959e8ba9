/** What a person asks of the settings: a name, or an older one, to a setting, a text to its value. */
import { err, ok, type Result } from 'neverthrow'
import { parseJson } from '../result'
import * as Catalogue from './catalogue'
import * as Ignored from './ignored'

export type SettingRefusal =
  | { readonly _tag: 'NoSuchSetting'; readonly name: string }
  /** The existing tool has it; here it would change nothing. */
  | { readonly _tag: 'SettingIgnored'; readonly name: string; readonly because: string }
  | { readonly _tag: 'BadValue'; readonly key: Catalogue.Key; readonly takes: string }

export const keyOf = (name: string): Result<Catalogue.Key, SettingRefusal> => {
  const isCalled = (other: string): boolean => other.toLowerCase() === name.toLowerCase()
  const key = Catalogue.keys.find((one) =>
    [one, Catalogue.rowOf(one).older?.name ?? one].some(isCalled),
  )
  if (key !== undefined) return ok(key)
  const ignored = Ignored.settings.find((one) => isCalled(one.name))
  return err(
    ignored === undefined
      ? { _tag: 'NoSuchSetting', name }
      : { _tag: 'SettingIgnored', name: ignored.name, because: ignored.because },
  )
}

/** The words that a variable takes, or JSON for what has no other spelling. */
export const valueOf =
  (key: Catalogue.Key) =>
  (text: string): Result<unknown, SettingRefusal> => {
    const { codec, ofText } = Catalogue.rowOf(key).kind
    const value = ofText(text) ?? parseJson(text).unwrapOr(null)
    return codec.is(value) ? ok(value) : err({ _tag: 'BadValue', key, takes: codec.name })
  }
