/**
 * OpenCode as facts: the provider we serve, and the sign-in it must hold for that.
 *
 * It asks a plugin only where its own store has a sign-in for the provider, and would send what is
 * stored to the real backend by itself should the plugin ever fail to load. So it holds none.
 */
import { isFields } from '../request/fields'

/** The provider whose requests are ours; hosts and other plugins are set up for its name. */
export const provider = 'openai'

/** Stands where a token would; it is worth nothing anywhere. */
export const placeholder = 'codex-multi-auth'

/** Far enough that nobody renews it: 2100-01-01. */
const never = 4_102_444_800_000

export const entry = {
  type: 'oauth',
  access: placeholder,
  refresh: placeholder,
  expires: never,
} as const

export type Found =
  /** No sign-in for the provider. */
  | { readonly _tag: 'None' }
  | { readonly _tag: 'Ours' }
  /** A sign-in of the host's own, with tokens. */
  | { readonly _tag: 'SignIn' }
  /** An API key, which a person means to use. */
  | { readonly _tag: 'ApiKey' }

/** What the host's store, or its answer about the provider, holds. */
export const found = (stored: unknown): Found => {
  if (!isFields(stored)) return { _tag: 'None' }
  if (stored['type'] === 'api') return { _tag: 'ApiKey' }
  if (stored['type'] !== 'oauth') return { _tag: 'None' }
  return stored['refresh'] === placeholder ? { _tag: 'Ours' } : { _tag: 'SignIn' }
}

export interface Places {
  readonly home: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Where the host keeps its sign-ins, on every system alike. */
export const storePath = (places: Places): string => `${dataFolder(places)}/auth.json`

export const logPath = (places: Places): string => `${dataFolder(places)}/log/opencode.log`

const dataFolder = ({ environment, home }: Places): string =>
  `${folder(environment['XDG_DATA_HOME'], `${home}/.local/share`)}/opencode`

export const cacheFolder = ({ environment, home }: Places): string =>
  `${folder(environment['XDG_CACHE_HOME'], `${home}/.cache`)}/opencode`

/** The configuration of every project of the person, the first that is there, else the first. */
export const configPaths = ({ environment, home }: Places): ReadonlyArray<string> => {
  const own = environment['OPENCODE_CONFIG_DIR']
  const base =
    own === undefined || own === ''
      ? `${folder(environment['XDG_CONFIG_HOME'], `${home}/.config`)}/opencode`
      : own
  return ['opencode.jsonc', 'opencode.json', 'config.json'].map((name) => `${base}/${name}`)
}

const folder = (given: string | undefined, standard: string): string =>
  given === undefined || given === '' ? standard : given
