/**
 * What the official configuration says that concerns us: whether the person has chosen another
 * provider, another address or an API key, in which case they are left alone; where the sign-in is
 * kept; which workspaces it is held to. Nothing of it is ever written.
 */
import * as O from 'fp-ts/Option'
import { err, ok, Result } from 'neverthrow'
import { parse as parseToml } from 'smol-toml'
import type { LeftAloneReason } from './arguments'

/** One file of the configuration. `place` is its path, for a message. */
export interface Layer {
  readonly place: string
  readonly text: string
}

export type CredentialsStore = 'file' | 'keyring' | 'auto' | 'ephemeral'

export interface Configuration {
  /** Why the person is left alone; none when requests may go through us. */
  readonly leftAlone: O.Option<LeftAloneReason>
  /** `cli_auth_credentials_store`. */
  readonly credentialsStore: CredentialsStore
  /** `forced_chatgpt_workspace_id`, as a list; empty for no such rule. */
  readonly forcedWorkspaces: ReadonlyArray<string>
}

/** The official CLI refuses to start on such a file and says why, so it needs no words of ours. */
export interface UnreadableConfiguration {
  readonly _tag: 'UnreadableConfiguration'
  readonly place: string
}

/**
 * Later layers win over earlier ones, key by key. Versions before 0.134 kept a profile as a table
 * `profiles.<name>` of a layer, chosen with `--profile` or the key `profile`; it wins over that layer.
 */
export const read = (
  layers: ReadonlyArray<Layer>,
  profile: O.Option<string>,
): Result<Configuration, UnreadableConfiguration> =>
  Result.combine(layers.map(parsed)).map((tables) => {
    const settings = new Map(tables.flatMap((table) => settingsOf(table, profile)))
    return {
      leftAlone: whyLeftAlone(settings),
      credentialsStore: storeOf(textOf(settings, 'cli_auth_credentials_store')),
      forcedWorkspaces: workspacesOf(settings.get('forced_chatgpt_workspace_id')?.value),
    }
  })

interface Setting {
  readonly value: unknown
  readonly place: string
}

type Settings = ReadonlyMap<string, Setting>

type Table = Readonly<Record<string, unknown>>

interface ParsedLayer {
  readonly place: string
  readonly table: Table
}

const parsed = ({ place, text }: Layer): Result<ParsedLayer, UnreadableConfiguration> => {
  try {
    return ok({ place, table: parseToml(text) })
  } catch {
    return err({ _tag: 'UnreadableConfiguration', place })
  }
}

const settingsOf = (
  { place, table }: ParsedLayer,
  profile: O.Option<string>,
): ReadonlyArray<readonly [string, Setting]> => {
  const chosen = O.isSome(profile) ? profile.value : table['profile']
  const profiles = table['profiles']
  const inner = isTable(profiles) && typeof chosen === 'string' ? profiles[chosen] : undefined
  return [table, isTable(inner) ? inner : {}].flatMap((one) =>
    Object.entries(one).map(([key, value]) => [key, { value, place }] as const),
  )
}

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (settings: Settings, key: string): string => {
  const value = settings.get(key)?.value
  return typeof value === 'string' ? value : ''
}

/** An empty address is the default one (observed in 0.169). */
const whyLeftAlone = (settings: Settings): O.Option<LeftAloneReason> => {
  const place = (key: string): string => settings.get(key)?.place ?? ''
  const provider = textOf(settings, 'model_provider')
  const own = [
    ...(provider === '' || provider === 'openai' ? [] : ['model_provider']),
    ...['openai_base_url', 'chatgpt_base_url'].filter((key) => textOf(settings, key) !== ''),
  ]
  const [first] = own
  if (first !== undefined) return O.some({ _tag: 'OwnSetting', key: first, place: place(first) })
  const [byKey] = [
    ...(textOf(settings, 'forced_login_method') === 'api' ? ['forced_login_method'] : []),
    ...(textOf(settings, 'preferred_auth_method') === 'apikey' ? ['preferred_auth_method'] : []),
  ]
  return byKey === undefined ? O.none : O.some({ _tag: 'ApiKey', place: place(byKey) })
}

const storeOf = (value: string): CredentialsStore =>
  value === 'keyring' || value === 'auto' || value === 'ephemeral' ? value : 'file'

const workspacesOf = (value: unknown): ReadonlyArray<string> =>
  (Array.isArray(value) ? value : [value]).filter(
    (id): id is string => typeof id === 'string' && id !== '',
  )
