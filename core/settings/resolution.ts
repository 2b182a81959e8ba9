/**
 * What a setting is: the environment over the file over the default. A bad value is named and passed
 * over, so that one mistake does not take the other settings with it.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { decode, parseJson } from '../result'
import * as Strategy from '../routing/strategy'

export interface Settings {
  readonly strategy: Strategy.Strategy
}

export interface BadSetting {
  readonly _tag: 'BadSetting'
  /** A variable's name, or a path in the settings file. */
  readonly where: string
  readonly allowed: ReadonlyArray<string>
}

export interface Resolved {
  readonly settings: Settings
  readonly bad: ReadonlyArray<BadSetting>
}

const variable = 'CODEX_AUTH_SCHEDULING_STRATEGY'
const path = 'pluginConfig.schedulingStrategy'

const fileForm = t.partial(
  { pluginConfig: t.partial({ schedulingStrategy: t.unknown }) },
  'Settings',
)

/** `fileText` is none without a settings file. */
export const resolve = (
  environment: Readonly<Record<string, string | undefined>>,
  fileText: O.Option<string>,
): Resolved => {
  const inFile = O.isNone(fileText)
    ? undefined
    : parseJson(fileText.value)
        .andThen(decode(fileForm))
        .match(
          (file) => file.pluginConfig?.schedulingStrategy,
          () => unreadable,
        )
  const sources = [
    { where: variable, value: environment[variable] },
    { where: path, value: inFile },
  ].filter(({ value }) => value !== undefined && value !== '')
  const bad = sources
    .filter(({ value }) => O.isNone(strategyOf(value)))
    .map(({ where }): BadSetting => ({ _tag: 'BadSetting', where, allowed: Strategy.all }))
  const good = sources.map(({ value }) => strategyOf(value)).find(O.isSome)
  return { settings: { strategy: good === undefined ? 'hybrid' : good.value }, bad }
}

/** Stands for a file that is no settings file; no setting has this value. */
const unreadable = null

const strategyOf = (value: unknown): O.Option<Strategy.Strategy> =>
  O.fromNullable(Strategy.all.find((strategy) => strategy === value))
