import * as O from 'fp-ts/Option'

/** Where a pool is kept: the user's, or one that a project has of its own. */
export interface PoolPlaces {
  /** Holds all of the following, and for a project nothing else. */
  readonly poolFolder: string
  readonly pool: string
  /** What is about to become the pool's file. */
  readonly poolJournal: string
  /** The last good copy, under the name by which the existing tool finds it, and overwrites it. */
  readonly poolBackup: string
  /** The last good copy that no other program writes: what we know to have been stored. */
  readonly poolKept: string
  /** Older copies that the existing tool makes, newest first. */
  readonly poolOlder: ReadonlyArray<string>
  /** The last pool file that could not be read. */
  readonly poolDamaged: string
  /** Says that the existing tool was told to forget all accounts. */
  readonly poolReset: string
  /** Where the existing tool once kept its pool; read while there is none here. */
  readonly poolElsewhere: ReadonlyArray<string>
  /** Accounts set aside, and the name that file once had. */
  readonly flagged: string
  readonly flaggedOnce: string
  /** Copies of the pool that a person has named. */
  readonly backups: string
  readonly poolLock: string
}

/** Where things are kept (design: root, then one path a noun). Paths only; nothing is touched. */
export interface Layout extends PoolPlaces {
  /** `~/.codex/multi-auth` unless the environment says otherwise. */
  readonly root: string
  /** Of the pool that serves where no project has one of its own. */
  readonly usersPool: PoolPlaces
  /** A folder a project with a pool of its own. */
  readonly projects: string
  readonly refreshLease: string
  /** The start of the lock on one account while its refresh token is being spent. */
  readonly spending: string
  readonly settings: string
  /** The settings before the last change of ours. */
  readonly settingsBackup: string
  readonly settingsLock: string
  /** Where older versions of the existing tool kept theirs. */
  readonly olderSettings: ReadonlyArray<string>
  readonly policies: string
  readonly policiesLock: string
  readonly quota: string
  readonly runtime: string
  readonly runtimeState: string
  readonly runtimeLock: string
  /** When a token was spent last, and whose. */
  readonly lastRefresh: string
  readonly ports: string
  /** When a plugin host last loaded us. */
  readonly hostLoad: string
  readonly logs: string
  readonly decisions: string
  /** What is remembered of the official sign-in: that it was there, and which of its tokens is used up. */
  readonly frontLogin: string
  /** The folder that stands on PATH, with the `codex` of ours in it. */
  readonly shimFolder: string
  readonly shim: string
  /** Every edit of ours outside the root, for undoing it. */
  readonly edits: string
  readonly editsLock: string
  /** The official CLI's home, its sign-in and its lock on that. */
  readonly codexHome: string
  readonly authFile: string
  readonly authLock: string
  readonly configFile: string
}

export interface Places {
  readonly home: string
  readonly codexHome: string | undefined
  readonly ownRoot: string | undefined
}

const poolName = 'openai-codex-accounts.json'

const poolIn = (folder: string, poolElsewhere: ReadonlyArray<string>): PoolPlaces => {
  const pool = `${folder}/${poolName}`
  return {
    poolFolder: folder,
    pool,
    poolJournal: `${pool}.wal`,
    poolBackup: `${pool}.bak`,
    poolKept: `${pool}.kept`,
    poolOlder: [`${pool}.bak.1`, `${pool}.bak.2`],
    poolDamaged: `${pool}.damaged`,
    poolReset: `${pool}.reset-intent`,
    poolElsewhere,
    flagged: `${folder}/openai-codex-flagged-accounts.json`,
    flaggedOnce: `${folder}/openai-codex-blocked-accounts.json`,
    backups: `${folder}/backups`,
    poolLock: `${folder}/pool.lock`,
  }
}

const given = (path: string | undefined): path is string => path !== undefined && path !== ''

export const of = (places: Places): Layout => {
  const codexHome = given(places.codexHome) ? places.codexHome : `${places.home}/.codex`
  const root = given(places.ownRoot) ? places.ownRoot : `${codexHome}/multi-auth`
  const isUsual = root === `${places.home}/.codex/multi-auth`
  const usersPool = poolIn(
    root,
    isUsual
      ? [
          `${places.home}/DevTools/config/codex/multi-auth/${poolName}`,
          `${places.home}/.codex/${poolName}`,
        ]
      : [],
  )
  return {
    ...usersPool,
    root,
    usersPool,
    projects: `${root}/projects`,
    refreshLease: `${root}/refresh.lease`,
    spending: `${root}/spending`,
    settings: `${root}/settings.json`,
    settingsBackup: `${root}/settings.json.bak`,
    settingsLock: `${root}/settings.lock`,
    olderSettings: [
      `${root}/config.json`,
      `${codexHome}/codex-multi-auth-config.json`,
      `${codexHome}/openai-codex-auth-config.json`,
    ],
    policies: `${root}/account-policies.json`,
    policiesLock: `${root}/account-policies.lock`,
    quota: `${root}/quota-cache.json`,
    runtime: `${root}/runtime`,
    runtimeState: `${root}/runtime/state.json`,
    runtimeLock: `${root}/runtime/state.lock`,
    lastRefresh: `${root}/runtime/last-refresh.json`,
    ports: `${root}/runtime/ports.json`,
    hostLoad: `${root}/runtime/opencode.json`,
    logs: `${root}/logs`,
    decisions: `${root}/logs/decisions.jsonl`,
    frontLogin: `${root}/front-login.json`,
    shimFolder: `${root}/bin`,
    shim: `${root}/bin/codex`,
    edits: `${root}/external-edits.json`,
    editsLock: `${root}/external-edits.lock`,
    codexHome,
    authFile: `${codexHome}/auth.json`,
    authLock: `${codexHome}/auth.lock`,
    configFile: `${codexHome}/config.toml`,
  }
}

/**
 * The same with the pool of a project. All else stays the user's: above all the lane in which refresh
 * tokens are spent, and the official CLI's sign-in, which has to do with the user's pool alone.
 */
export const ofProject =
  (key: string) =>
  (layout: Layout): Layout => ({ ...layout, ...poolIn(`${layout.projects}/${key}`, []) })

/** The same with the user's pool. */
export const ofUser = (layout: Layout): Layout => ({ ...layout, ...layout.usersPool })

export const isOfProject = ({ pool, usersPool }: Layout): boolean => pool !== usersPool.pool

/** The key of the project whose pool it is; none for the user's. */
export const projectOf = (layout: Layout): O.Option<string> =>
  isOfProject(layout) ? O.some(layout.poolFolder.slice(layout.projects.length + 1)) : O.none

/** What leads to the pool, from the root on; each is for its owner alone. */
export const poolFolders = (layout: Layout): ReadonlyArray<string> =>
  isOfProject(layout) ? [layout.root, layout.projects, layout.poolFolder] : [layout.root]
