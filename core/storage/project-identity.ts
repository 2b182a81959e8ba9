/**
 * Which project a folder belongs to, and the name its pool goes by. The key is that of the existing
 * tool (reference.md, section 3.7), so that its pools are found.
 *
 * Linked worktrees of one repository are one project. What their files say is believed only where both
 * ends of it point at each other: a folder from somewhere else could name the pool of any project.
 */
import * as O from 'fp-ts/Option'
import * as Checksum from './checksum'
import * as FolderPath from './folder-path'

export interface Project {
  readonly root: string
  readonly key: string
}

/** Folders that are no project, whatever lies in them. */
export interface Around {
  readonly home: string
  /** Of the official CLI: it makes no project of the folder it lies in. */
  readonly codexHome: string
}

/** A folder that is the project if something lies at this path. */
export interface Candidate {
  readonly folder: string
  readonly marker: string
}

const markers = ['package.json', 'Cargo.toml', 'go.mod', 'pyproject.toml', '.codex']

/** Deeper than any path people work in. */
const ancestorsMax = 64

/** The first one there makes the project: a repository, however far up, comes before anything else. */
export const candidates =
  (around: Around) =>
  (start: string): ReadonlyArray<Candidate> => {
    if (!FolderPath.isAbsolute(start)) return []
    const folders = FolderPath.upward(start, ancestorsMax).filter(mayBe(around))
    const marked = (folder: string, names: ReadonlyArray<string>): ReadonlyArray<Candidate> =>
      names.map((name) => ({ folder, marker: FolderPath.resolve(folder, name) }))
    return [
      ...folders.flatMap((folder) => marked(folder, ['.git'])),
      ...folders.flatMap((folder) => marked(folder, markers)),
    ].filter(({ marker }) => !isAt(around.codexHome, marker))
  }

/** Neither the home folder nor one that nothing lies above. */
const mayBe =
  ({ home }: Around) =>
  (folder: string): boolean =>
    FolderPath.nameOf(folder) !== '' && !isAt(home, folder)

const isAt = (known: string, path: string): boolean =>
  FolderPath.isAbsolute(known) && FolderPath.isSame(known, path)

const nameCharactersMax = 40
const digestCharacters = 12

/** Of one folder there is one key, however its path is written. */
export const keyOf = (root: string): string => {
  const path = FolderPath.identity(root)
  const name = FolderPath.nameOf(path)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, nameCharactersMax)
  const digest = Checksum.sha256(path).slice(0, digestCharacters)
  return `${name === '' ? 'project' : name}-${digest}`
}

export const of = (root: string): Project => ({ root, key: keyOf(root) })

/** Whether a name may be that of a project's folder. */
export const isKey = (name: string): boolean => /^[A-Za-z0-9._-]{1,40}-[0-9a-f]{12}$/.test(name)

/** Git's pointers are a line; what is larger is none. */
export const pointerBytesMax = 4 * 1024

/** Where a `.git` that is a file leads; none where that is no folder of a linked worktree. */
export const gitFolderIn =
  (root: string) =>
  (pointer: string): O.Option<string> => {
    const [, path] = /^gitdir:[ \t]*(\S.*)$/.exec(firstLine(pointer)) ?? []
    if (path === undefined) return O.none
    const folder = FolderPath.resolve(root, path)
    return FolderPath.identity(folder).includes('/.git/worktrees/') ? O.some(folder) : O.none
  }

/** What one of the files in such a folder leads to. */
export const pathIn =
  (folder: string) =>
  (text: string): O.Option<string> => {
    const path = firstLine(text)
    return path === '' ? O.none : O.some(FolderPath.resolve(folder, path))
  }

const firstLine = (text: string): string => (text.split(/\r?\n/, 1)[0] ?? '').trim()

/** Both ends of a linked worktree, each path with its links followed. */
export interface Worktree {
  /** Of the worktree itself. */
  readonly git: string
  /** Where that leads, and what is said there. */
  readonly gitFolder: string
  readonly pointsBackTo: string
  readonly common: string
}

/** The checkout that a worktree belongs to; none where its pointers are forged. */
export const mainOf =
  (around: Around) =>
  ({ common, git, gitFolder, pointsBackTo }: Worktree): O.Option<string> => {
    const main = FolderPath.parentOf(common)
    const isTrue =
      FolderPath.isSame(pointsBackTo, git) &&
      FolderPath.nameOf(common) === '.git' &&
      FolderPath.isBelow(FolderPath.resolve(common, 'worktrees'))(gitFolder)
    return isTrue && mayBe(around)(main) ? O.some(main) : O.none
  }
