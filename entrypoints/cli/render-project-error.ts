/** Words for a project that cannot be given accounts of its own. */
import { printable } from '../../core/tui/printable'
import type { NoProjectPool } from '../programs/project-pool'
import { rendered, type Rendered } from './rendered'

export const renderProjectError = (error: NoProjectPool): Rendered => {
  if (error._tag === 'ProjectPoolsOff') {
    return rendered(
      'project-accounts-off',
      'Projects have no accounts of their own while perProjectAccounts is off.',
      'Switch it on: codex-multi-auth config set perProjectAccounts true',
    )
  }
  const folder = error.folder === '' ? 'The folder you are in' : printable(error.folder)
  return rendered(
    'no-project',
    `${folder} is in no project: that is a folder with .git, package.json, Cargo.toml, go.mod, pyproject.toml or .codex in it, but never your home folder.`,
    'Go into one, or add an account for everywhere: codex-multi-auth login',
  )
}
