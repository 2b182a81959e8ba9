/** What an answer is given in spite of, in words. */
import type { Instant } from '../../core/time'
import type { Outlook } from '../programs/outlook'
import { statusText } from './account-text'
import type { AccountView } from './account-view'

export const warningsOf = ({ badSettings }: Pick<Outlook, 'badSettings'>): ReadonlyArray<string> =>
  badSettings.map(
    ({ where, allowed }) => `${where} is passed over: it takes one of ${allowed.join(', ')}.`,
  )

/** Said of an account that was just asked to serve. */
export const cannotServe = (now: Instant, account: AccountView): ReadonlyArray<string> => {
  if (account.status === 'ready') return []
  const mend = account.status === 'needs-sign-in' ? ' Sign in again: codex-multi-auth login' : ''
  return [`It cannot serve now (${statusText(now)(account)}); others do until it can.${mend}`]
}
