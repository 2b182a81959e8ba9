/** Words for a file of accounts that is not written, or not taken in. */
import * as Account from '../../core/accounts/account'
import type { BackupNameUnfit } from '../../core/storage/backup-name'
import { printable } from '../../core/tui/printable'
import type { AccountFileRefused } from '../programs/account-file'
import type { RestoreUnconfirmed } from '../programs/backups'
import { noAccounts, quoted, rendered, type Rendered } from './rendered'

export const renderAccountFileError = (
  error: AccountFileRefused | BackupNameUnfit | RestoreUnconfirmed,
): Rendered => {
  switch (error._tag) {
    case 'AccountFileRefused':
      return ofFile(error)
    case 'BackupNameUnfit':
      return rendered(
        'backup-name-unfit',
        `${quoted(error.name)} is no name for a backup: it takes 1 to ${error.charactersMax} letters, digits, "_" and "-", and no name of a device.`,
        'Give another one.',
      )
    case 'RestoreUnconfirmed':
      return rendered(
        'needs-yes',
        `A restore puts the backup ${error.name} in the place of the accounts${forgets(error)}, so it asks for --yes.`,
        `To go ahead: codex-multi-auth restore ${error.name} --yes`,
        error.dropped.map((account) => ({
          value: Account.key(account),
          line: printable(Account.name(account)),
        })),
      )
  }
}

const forgets = ({ dropped }: RestoreUnconfirmed): string =>
  dropped.length === 0 ? '' : ` and forgets ${dropped.length} that it does not hold`

const ofFile = ({ path, because }: AccountFileRefused): Rendered => {
  const file = printable(path)
  switch (because) {
    case 'empty':
      return noAccounts
    case 'there':
      return rendered(
        'file-there',
        `${file} is there already and was left alone.`,
        'Give another name; an export also takes --yes.',
      )
    case 'missing':
      return rendered('file-missing', `${file} is not there.`, 'Give another one.')
    case 'nowhere':
      return rendered(
        'file-nowhere',
        `${file} cannot be written: its folder is not there.`,
        'Make the folder, or give another name.',
      )
    case 'folder':
      return rendered('file-is-folder', `${file} is a folder.`, 'Give the name of a file.')
    case 'too-large':
      return rendered(
        'file-too-large',
        `${file} is larger than accounts are.`,
        'Give a file of at most 4 MB.',
      )
    case 'no-accounts':
      return rendered(
        'file-without-accounts',
        `${file} holds no accounts in a form that is known here. Nothing was changed.`,
        'Give a file that an export or a backup made.',
      )
    case 'flagged':
      return rendered(
        'file-of-flagged',
        `${file} holds accounts that are set aside because their sign-ins failed. Nothing was changed.`,
        'Put it beside the accounts (see: codex-multi-auth status), then: codex-multi-auth verify-flagged',
      )
    case 'newer':
      return rendered(
        'file-newer',
        `${file} has a version that this program does not know. Nothing was changed.`,
        'Update codex-multi-auth: npm install -g codex-multi-auth',
      )
    case 'link':
      return rendered(
        'backup-elsewhere',
        `${file} leads to another place through a link, and was left alone.`,
        'Move the link away, then try again.',
      )
  }
}
