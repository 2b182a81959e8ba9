/**
 * A command of the official CLI that talks to the backend: it runs with our two listeners in front
 * of that, unless the person has arranged something else or there is no account to serve with. A
 * proxy that does not start never keeps Codex from running.
 */
import * as O from 'fp-ts/Option'
import { err, ok, safeTry, type Result, type ResultAsync } from 'neverthrow'
import type { AccountKey } from '../../core/accounts/identity'
import type { Pool } from '../../core/accounts/pool'
import * as Selector from '../../core/accounts/selector'
import * as Arguments from '../../core/official/arguments'
import * as AuthFile from '../../core/official/auth-file'
import * as Configuration from '../../core/official/configuration'
import * as Loopback from '../../core/official/loopback'
import * as Seams from '../../core/official/seams'
import { parseJson } from '../../core/result'
import type { Settings } from '../../core/settings/catalogue'
import * as FolderPath from '../../core/storage/folder-path'
import * as Layout from '../../core/storage/layout'
import { second, type Millis } from '../../core/time'
import type { Exit } from '../../ports/process'
import { findCodex, type Installation } from '../programs/installation'
import { readPool } from '../programs/pool'
import { layoutIn } from '../programs/project'
import { readSettings } from '../programs/settings'
import { forceVariable, start, tell, type Door } from './child'
import { bringTogether, isFelt, offerStranger } from './own-sign-in'
import type { ProxyTerms, RunningProxy } from './proxy-face'
import type { NoProxy, WrapperRefusal } from './render'

type Plan = Extract<Arguments.Plan, { readonly _tag: 'Routed' | 'SignIn' }>

/** `wanted` is the account the person asked for, empty for none. */
export const runRouted =
  (door: Door, plan: Plan, wanted: string) =>
  (given: ReadonlyArray<string>): ResultAsync<Exit, WrapperRefusal> =>
    safeTry(async function* () {
      const user = layoutOf(door)
      const codex = yield* findCodex(door.ports)(door.around)
      if (plan._tag === 'SignIn') return withoutRevoking(door, codex, user)(given)
      const store = await storeUnlessLeftAlone(door, user, plan)
      if (store.isOk()) {
        const layout = yield* layoutOfWork(door, user, plan)
        return throughProxy(door, codex, layout, plan, { wanted, store: store.value })(given)
      }
      // Of a file that cannot be read the official CLI speaks itself.
      const reason = store.error
      if (reason._tag !== 'UnreadableConfiguration') {
        const because = { _tag: 'LeftAlone', reason } as const
        if (wanted !== '') return err({ _tag: 'AccountUnusable', wanted, because } as const)
        tell(door, because)
      }
      return start(door, codex)(given, {})
    })

const layoutOf = ({ around }: Door): Layout.Layout =>
  Layout.of({
    home: around.home,
    codexHome: around.environment['CODEX_HOME'],
    ownRoot: around.environment['CODEX_MULTI_AUTH_DIR'],
  })

/** With the pool that serves where the official CLI is to work. */
const layoutOfWork = (
  { around, folder, ports }: Door,
  user: Layout.Layout,
  plan: Arguments.Routed,
): ResultAsync<Layout.Layout, never> =>
  layoutIn(
    ports,
    user,
    around,
  )(plan.folder === '' ? folder() : FolderPath.resolve(folder(), plan.folder))

interface Terms {
  readonly wanted: string
  readonly store: Configuration.CredentialsStore
}

interface Detour {
  readonly proxy: RunningProxy
  readonly inherited: ProxyTerms['environment']
  readonly strict: O.Option<AccountKey>
}

const detourOf = async (
  door: Door,
  layout: Layout.Layout,
  kind: ProxyTerms['kind'],
  { wanted, store }: Terms,
): Promise<Result<Detour, NoProxy | Selector.SelectorRefusal>> => {
  const { openFiles, startProxy } = door
  const { environment } = door.around
  const pool = await openFiles().andThen((files) => readPool({ files }, layout))
  if (pool.isErr()) return err({ _tag: 'AccountsUnreadable', path: layout.pool })
  pool.value.notices.forEach((notice) => tell(door, { _tag: 'PoolNotice', notice }))
  const strict = strictIn(pool.value, wanted)
  if (strict.isErr()) return err(strict.error)
  if (pool.value.accounts.length === 0) return err({ _tag: 'NoAccounts' })
  const seams = Seams.ofEnvironment(environment)
  if (seams.isErr()) return err(seams.error)
  const terms = { layout, seams: seams.value, environment, kind, store, strict: strict.value }
  return startProxy(terms)
    .map((proxy) => ({ proxy, inherited: environment, strict: strict.value }))
    .mapErr((error): NoProxy => ({ _tag: 'NoProxy', because: error }))
}

const strictIn = (
  pool: Pool,
  wanted: string,
): Result<O.Option<AccountKey>, Selector.SelectorRefusal> =>
  wanted === '' ? ok(O.none) : Selector.resolve(wanted)(pool).map(O.some)

const throughProxy =
  (door: Door, codex: Installation, layout: Layout.Layout, plan: Arguments.Routed, terms: Terms) =>
  (given: ReadonlyArray<string>): ResultAsync<Exit, WrapperRefusal> =>
    safeTry(async function* () {
      const detour = await detourOf(door, layout, plan.kind, terms)
      if (detour.isErr()) {
        const { error } = detour
        if (error._tag === 'NoMatch' || error._tag === 'SeveralMatch') return err(error)
        const { wanted } = terms
        if (wanted !== '') return err({ _tag: 'AccountUnusable', wanted, because: error } as const)
        tell(door, error)
        return start(door, codex)(given, {})
      }
      const { proxy, inherited, strict } = detour.value
      // The official CLI looks for its sign-in elsewhere, so there is nobody to sign in by a file.
      const _tag = terms.store === 'file' ? 'Started' : 'Renewing'
      const front = yield* bringTogether(door, Layout.ofUser(layout), { _tag })
      if (front._tag === 'NotWritten' && isFelt(plan.kind, front.because))
        tell(door, { ...front, _tag: 'FrontNotWritten' })
      const version = plan.kind === 'terminal' ? await versionOf(door, codex) : ''
      const flags = Arguments.quietFlags(version)(plan)
      const running = start(door, codex)(
        Arguments.inject(Loopback.overrides(proxy), flags)(given),
        {
          ...Loopback.environment(proxy)(inherited),
          ...(O.isSome(strict) ? { [forceVariable]: strict.value } : {}),
        },
      )
      proxy.warm()
      const exit = await running
      yield* proxy.close()
      return exit
    })

/**
 * `login` and `logout` revoke the token they find, and that may be one the pool lives on. That there
 * was a file is noted before: one that is gone afterwards is a logout.
 */
const withoutRevoking =
  (door: Door, codex: Installation, layout: Layout.Layout) =>
  (given: ReadonlyArray<string>): ResultAsync<Exit, WrapperRefusal> =>
    bringTogether(door, layout, { _tag: 'Renewing' })
      .andThen(() => signingIn(door, codex, layout)(given))
      .andThen((exit) =>
        bringTogether(door, layout, { _tag: 'Renewing' })
          .andThen(() => offerStranger(door, layout))
          .map(() => exit),
      )

const signingIn =
  (door: Door, codex: Installation, layout: Layout.Layout) =>
  (given: ReadonlyArray<string>): ResultAsync<Exit, WrapperRefusal> =>
    safeTry(async function* () {
      const detour = await detourOf(door, layout, 'sign-in', { wanted: '', store: 'file' })
      if (detour.isErr()) {
        const { error } = detour
        if (error._tag === 'NoMatch' || error._tag === 'SeveralMatch') return err(error)
        if (error._tag === 'NoAccounts') return start(door, codex)(given, {})
        tell(door, { _tag: 'NotRevoked', because: error })
        return start(door, codex)(given, Loopback.noRevocation(door.around.environment))
      }
      const { proxy, inherited } = detour.value
      const revocation = Loopback.revocation(proxy.chatgptPort)(inherited)
      const exit = await start(door, codex)(given, revocation)
      yield* proxy.close()
      return exit
    })

/**
 * Where the official CLI keeps its sign-in; or what the environment, the sign-in and the configuration
 * say against going through us.
 */
const storeUnlessLeftAlone = async (
  door: Door,
  layout: Layout.Layout,
  plan: Arguments.Routed,
): Promise<
  Result<
    Configuration.CredentialsStore,
    Arguments.LeftAloneReason | Configuration.UnreadableConfiguration
  >
> => {
  const { environment } = door.around
  const { codexRuntimeRotationProxy } = await settingsOf(door, layout)
  if (!codexRuntimeRotationProxy)
    return err({ _tag: 'SwitchedOff', setting: 'codexRuntimeRotationProxy' })
  if (plan.kind === 'exec' && (environment['CODEX_API_KEY'] ?? '') !== '') {
    return err({ _tag: 'ApiKey', place: 'CODEX_API_KEY' })
  }
  const [signIn, layers] = await Promise.all([
    door.ports.files.read(layout.authFile).andThen(AuthFile.parse),
    layersOf(door, layout, plan),
  ])
  const configuration = Configuration.read(layers, O.fromNullable(plan.profiles.at(-1)))
  if (configuration.isErr()) return err(configuration.error)
  const { credentialsStore, leftAlone } = configuration.value
  if (O.isSome(leftAlone)) return err(leftAlone.value)
  return signIn.isOk() && AuthFile.isApiKey(signIn.value)
    ? err({ _tag: 'ApiKey', place: layout.authFile })
    : ok(credentialsStore)
}

const settingsOf = ({ around, ports }: Door, layout: Layout.Layout): Promise<Settings> =>
  readSettings(ports, layout, around.environment).match(
    ({ settings }) => settings,
    (impossible: never) => impossible,
  )

/** In the order in which they win, the strongest last; what is not there says nothing. */
const layersOf = async (
  { ports, around }: Door,
  layout: Layout.Layout,
  plan: Arguments.Routed,
): Promise<ReadonlyArray<Configuration.Layer>> => {
  const ofSystem = around.platform !== 'win32'
  const profile = plan.profiles.at(-1) ?? ''
  const isPlain = /^[A-Za-z0-9_-]+$/.test(profile)
  const places = [
    ...(ofSystem ? ['/etc/codex/config.toml'] : []),
    ...(plan.ignoresUserConfig ? [] : [layout.configFile]),
    ...(isPlain && !plan.ignoresUserConfig ? [`${layout.codexHome}/${profile}.config.toml`] : []),
    ...(ofSystem ? ['/etc/codex/managed_config.toml'] : []),
  ]
  const read = async (place: string): Promise<ReadonlyArray<Configuration.Layer>> =>
    (await ports.files.read(place)).match(
      (text) => [{ place, text }],
      () => [],
    )
  const given = { place: Arguments.onCommandLine, text: plan.storeSetting }
  return [...(await Promise.all(places.map(read))).flat(), given]
}

/** Told by a file beside it or, where none is, by the program itself; else empty. */
const versionOf = async ({ ports }: Door, codex: Installation): Promise<string> => {
  for (const path of codex.versionFiles) {
    const told = await ports.files.read(path).andThen(parseJson)
    const version = told.map((json) =>
      typeof json === 'object' && json !== null && 'version' in json ? json.version : '',
    )
    if (version.isOk() && typeof version.value === 'string') return version.value
  }
  const { program, environment } = codex
  const given = [...codex.arguments, '--version']
  const told = await ports.process.capture({ program, arguments: given, environment }, versionMax)
  return told.map(({ output }) => /\d+\.\d+\.\S+/.exec(output)?.[0] ?? '').unwrapOr('')
}

/** A native program says it in some 10 ms. */
const versionMax: Millis = 2 * second
