/** The pool of a folder's project, and whether it serves there: where a person made one. */
import * as O from 'fp-ts/Option'
import { err, errAsync, ok, ResultAsync } from 'neverthrow'
import type { Pool } from '../../core/accounts/pool'
import * as Layout from '../../core/storage/layout'
import * as ProjectIdentity from '../../core/storage/project-identity'
import type { FileSystem } from '../../ports/file-system'
import { readPool } from './pool-reading'
import { readSettings } from './settings'

export interface ProjectPorts {
  readonly files: Pick<FileSystem, 'read' | 'stamp' | 'realPath'>
}

export interface Around {
  readonly home: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * A pool without anybody in it is none. One that cannot be read is one, for another in its place would
 * look as if the accounts were lost.
 */
export const poolIn =
  (ports: ProjectPorts, user: Layout.Layout, around: Around) =>
  (folder: string): ResultAsync<Layout.Layout, never> =>
    layoutOfProject(
      ports,
      user,
      around,
    )(folder)
      .andThen((own) =>
        ResultAsync.fromSafePromise(isInUse(ports, own)).map((is) => (is ? own : user)),
      )
      .orElse(() => ok(user))

const isInUse = async (ports: ProjectPorts, own: Layout.Layout): Promise<boolean> => {
  if (!(await isThere(ports, own.poolFolder))) return false
  const pool = await readPool(ports, own)
  return pool.isErr() || isAnybodyIn(pool.value)
}

const isAnybodyIn = ({ accounts, flagged }: Pool): boolean => accounts.length + flagged.length > 0

/** No accounts can be given to a project here. */
export type NoProjectPool =
  { readonly _tag: 'NoProject'; readonly folder: string } | { readonly _tag: 'ProjectPoolsOff' }

/** With the pool of the folder's project, be it there yet or not. */
export const layoutOfProject =
  (ports: ProjectPorts, user: Layout.Layout, around: Around) =>
  (folder: string): ResultAsync<Layout.Layout, NoProjectPool> =>
    isSwitchedOn(ports, user, around).andThen((isOn) =>
      isOn
        ? ResultAsync.fromSafePromise(find(ports, user, around, folder)).andThen((project) =>
            O.isSome(project)
              ? ok(Layout.ofProject(project.value.key)(user))
              : err<never, NoProjectPool>({ _tag: 'NoProject', folder }),
          )
        : errAsync<never, NoProjectPool>({ _tag: 'ProjectPoolsOff' }),
    )

const isSwitchedOn = (
  ports: ProjectPorts,
  user: Layout.Layout,
  { environment }: Around,
): ResultAsync<boolean, never> =>
  readSettings(ports, user, environment).map(({ settings }) => settings.perProjectAccounts)

/** None where the folder belongs to no project. */
const find = async (
  ports: ProjectPorts,
  user: Layout.Layout,
  { home }: Around,
  folder: string,
): Promise<O.Option<ProjectIdentity.Project>> => {
  const around = {
    home: await followed(ports, home),
    codexHome: await followed(ports, user.codexHome),
  }
  const start = await followed(ports, folder)
  for (const { folder: root, marker } of ProjectIdentity.candidates(around)(start)) {
    if (await isThere(ports, marker)) {
      const main = await mainOf(ports, around, root)
      return O.some(ProjectIdentity.of(O.getOrElse(() => root)(main)))
    }
  }
  return O.none
}

/** None too for what is no linked worktree. */
const mainOf = async (
  ports: ProjectPorts,
  around: ProjectIdentity.Around,
  root: string,
): Promise<O.Option<string>> => {
  const git = `${root}/.git`
  const gitFolder = await pathAt(ports, git, ProjectIdentity.gitFolderIn(root))
  if (O.isNone(gitFolder)) return O.none
  const said = ProjectIdentity.pathIn(gitFolder.value)
  const back = await pathAt(ports, `${gitFolder.value}/gitdir`, said)
  const common = await pathAt(ports, `${gitFolder.value}/commondir`, said)
  if (O.isNone(back) || O.isNone(common)) return O.none
  return ProjectIdentity.mainOf(around)({
    git: await followed(ports, git),
    gitFolder: await followed(ports, gitFolder.value),
    pointsBackTo: await followed(ports, back.value),
    common: await followed(ports, common.value),
  })
}

/** What cannot be looked at is not there. */
const isThere = async ({ files }: ProjectPorts, path: string): Promise<boolean> =>
  O.isSome(await files.stamp(path).unwrapOr(O.none))

const followed = async ({ files }: ProjectPorts, path: string): Promise<string> =>
  O.getOrElse(() => path)(await files.realPath(path).unwrapOr(O.none))

/** What a small file leads to; a folder in its place leads nowhere. */
const pathAt = async (
  { files }: ProjectPorts,
  path: string,
  leads: (text: string) => O.Option<string>,
): Promise<O.Option<string>> => {
  const stamp = await files.stamp(path).unwrapOr(O.none)
  if (O.isNone(stamp) || stamp.value.bytes > ProjectIdentity.pointerBytesMax) return O.none
  return files.read(path).map(leads).unwrapOr(O.none)
}
