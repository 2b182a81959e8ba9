/** What reading the pool found out, in words that every door uses. */
import type { Notice } from '../storage/notice'
import { printable } from '../tui/printable'

export const noticeText = (notice: Notice): string => {
  switch (notice._tag) {
    case 'Recovered':
      return `${printable(notice.path)} is missing or damaged; the accounts come from ${printable(notice.from)}.`
    case 'FoundElsewhere':
      return `The accounts come from ${printable(notice.from)}, where another tool keeps them; from the next change on they are in ${printable(notice.path)}.`
    case 'Restored':
      return `${printable(notice.name)} was gone without a removal here, and is restored. To remove it: codex-multi-auth remove`
    case 'SignInKept':
      return `Another program put back an older sign-in of ${printable(notice.name)}; the newer one is kept.`
    case 'SignInJournalled':
      return `The newest sign-in of ${printable(notice.name)} comes from the journal of a save that has not ended.`
    case 'RowsUnread':
      return `Row ${notice.rows.join(', ')} of the accounts' file is no account and is left as it is.`
    case 'OpenToOthers':
      return `Other users of this machine could read ${printable(notice.path)}; a change of the accounts closes it to them.`
    case 'FlaggedUnread':
      return `${printable(notice.path)} holds no accounts set aside that can be read, and is left as it is.`
    case 'FieldUnread':
      return `Row ${notice.row} of the accounts' file holds no usable ${printable(notice.field)}, which counts as missing.`
  }
}
