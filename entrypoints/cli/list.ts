/** `list`: every account, one a line. */
import * as O from 'fp-ts/Option'
import type * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import { isOfProject } from '../../core/storage/layout'
import { align } from '../../core/tui/columns'
import { readOutlook } from '../programs/outlook'
import { readPool } from '../programs/pool'
import { lastUsedText, markOf, planOf, statusText, titleOf } from './account-text'
import { toViewForm, viewForm, viewOf, type View } from './account-view'
import { wordless, type Answer, type Context } from './command'
import type { CliError } from './render-error'
import { warningsOf } from './warnings'

export interface Shown {
  readonly view: View
  readonly isOfProject: boolean
  readonly warnings: ReadonlyArray<string>
}

/** `list` and `status` look at the same things. */
export const look = ({ ports, layout, environment }: Context): ResultAsync<Shown, CliError> =>
  readPool(ports, layout).andThen((pool) =>
    readOutlook(ports, layout, environment).map((outlook) => ({
      view: viewOf(layout.pool, outlook)(pool),
      isOfProject: isOfProject(layout),
      warnings: warningsOf(outlook, pool),
    })),
  )

export const noAccounts = 'No accounts yet. Add one: codex-multi-auth login\n'

const render = (shown: Shown, width: number): Answer<t.TypeOf<typeof viewForm>> => ({
  data: () => toViewForm(shown.view),
  text: () => (shown.view.accounts.length === 0 ? noAccounts : table(shown, width)),
  warnings: shown.warnings,
})

/** A person who knows of other accounts is not to miss them. */
export const ofProjectAlone = 'The accounts of this project alone; other folders have others.'

/** Gives way where lines are too long. */
const accountColumn = 2

const heading = ['', '#', 'ACCOUNT', 'PLAN', 'STATUS', 'LAST USED']

const table = ({ isOfProject: isProjects, view }: Shown, width: number): string => {
  const { accounts, pool, now } = view
  const rows = accounts.map((account) => [
    markOf(account),
    String(account.number),
    titleOf(account),
    planOf(account),
    `${statusText(now)(account)}${account.pinned ? ', pinned' : ''}`,
    lastUsedText(now)(account),
  ])
  const notes = [
    ...(isProjects ? [ofProjectAlone] : []),
    ...(O.isSome(pool.active) ? ['* the active account, the last one chosen'] : []),
    ...(O.isSome(pool.pinned) ? ['Let go of the pin: codex-multi-auth unpin'] : []),
    ...(accounts.some(({ status }) => status === 'needs-sign-in')
      ? ['Sign in again: codex-multi-auth login']
      : []),
  ]
  const lines = align([heading, ...rows], width, accountColumn)
  return `${lines.join('\n')}\n${notes.length === 0 ? '' : `\n${notes.join('\n')}\n`}`
}

export const list = wordless({
  examples: [
    ['$0 list', 'one line an account'],
    ['$0 list --json', 'the same for a program'],
  ],
  epilogue: '',
  run: (context) => () => look(context),
  form: viewForm,
  render,
})
