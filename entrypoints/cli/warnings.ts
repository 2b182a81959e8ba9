/** What an answer is given in spite of, in words. */
import * as O from 'fp-ts/Option'
import * as Account from '../../core/accounts/account'
import type { Pool } from '../../core/accounts/pool'
import { noticeText } from '../../core/insight/notice-text'
import type { Place } from '../../core/settings/resolution'
import type { Instant } from '../../core/time'
import { printable } from '../../core/tui/printable'
import type { Outlook } from '../programs/outlook'
import { statusText } from './account-text'
import type { AccountView } from './account-view'

export const warningsOf = (
  { badSettings }: Pick<Outlook, 'badSettings'>,
  { notices }: Pick<Pool, 'notices'> = { notices: [] },
): ReadonlyArray<string> => [...notices.map(noticeText), ...badSettings.map(settingText)]

const settingText = (complaint: Outlook['badSettings'][number]): string => {
  if (complaint._tag === 'BadSetting')
    return `${placeText(complaint.place)} is passed over: it takes ${complaint.takes}.`
  const file = `${printable(complaint.path)}${lineText(complaint.line)}`
  switch (complaint.because) {
    case 'no-json':
      return `${file} is no JSON, so none of its settings count.`
    case 'no-settings':
      return `${file} has not the form of settings, so none of them count.`
    case 'newer':
      return `${file} is of a newer version, so none of its settings count.`
  }
}

const placeText = (place: Place): string =>
  place._tag === 'Variable'
    ? place.name
    : `${place.name} in ${printable(place.path)}${lineText(place.line)}`

const lineText = (line: O.Option<number>): string => (O.isSome(line) ? `, line ${line.value},` : '')

/** Of an account in a file that was not taken in. */
export const leftOutText =
  (isOfProject: boolean) =>
  (account: Account.Account): string =>
    `${printable(Account.name(account))} was left out: ${isOfProject ? 'you have it already for other folders' : 'a project has that very sign-in'}, and a sign-in in two places ends. Make another: codex-multi-auth login${isOfProject ? ' --project' : ''}`

/** Said of an account that was just asked to serve. */
export const cannotServe = (now: Instant, account: AccountView): ReadonlyArray<string> => {
  if (account.status === 'ready') return []
  const mend = account.status === 'needs-sign-in' ? ' Sign in again: codex-multi-auth login' : ''
  return [`It cannot serve now (${statusText(now)(account)}); others do until it can.${mend}`]
}
