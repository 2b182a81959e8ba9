/** Words for a change that an account does not take. */
import type { LabelRefusal } from '../../core/accounts/label'
import type { PolicyRefusal } from '../../core/accounts/policy'
import type { LabelTaken } from '../../core/accounts/pool'
import type { NeedsYes } from './confirmation'
import { quoted, rendered, type Rendered } from './rendered'

export type AccountError = LabelRefusal | LabelTaken | PolicyRefusal | NeedsYes

export const renderAccountError = (error: AccountError): Rendered => {
  switch (error._tag) {
    case 'LabelTooLong':
      return rendered(
        'label-too-long',
        `A label has at most ${error.charactersMax} characters.`,
        'Give a shorter one.',
      )
    case 'LabelUnprintable':
      return rendered(
        'label-unprintable',
        `${quoted(error.label)} holds characters that do not show, written here as \\u{...}.`,
        'Leave them out.',
      )
    case 'LabelTaken':
      return rendered(
        'label-taken',
        `Account ${error.number} is called ${quoted(error.label)} already.`,
        'Give another label, or rename that one first.',
      )
    case 'TagUnfit':
      return rendered(
        'tag-unfit',
        `${quoted(error.tag)} is no tag: it takes 1 to ${error.charactersMax} characters that show.`,
        'Give another one.',
      )
    case 'TooManyTags':
      return rendered(
        'too-many-tags',
        `An account has at most ${error.tagsMax} tags.`,
        'Take some away first: codex-multi-auth account untag',
      )
    case 'RankUnfit':
      return rendered(
        `${error.field}-unfit`,
        `A ${error.field} is a ${error.field === 'tier' ? 'whole number' : 'number'} from ${error.least} to ${error.most}.`,
        'Give one of those.',
      )
    case 'NoteUnfit':
      return rendered(
        'note-unfit',
        `A note has at most ${error.charactersMax} characters, and only such that show.`,
        'Give another one.',
      )
    case 'NeedsYes':
      return rendered(
        'needs-yes',
        `What ${error.command} does cannot be undone, so it asks for --yes.`,
        `To go ahead: codex-multi-auth ${error.command} ACCOUNT --yes`,
      )
  }
}
