/** What an answer is given in spite of, in words. */
import type { Outlook } from '../programs/outlook'

export const warningsOf = ({ badSettings }: Pick<Outlook, 'badSettings'>): ReadonlyArray<string> =>
  badSettings.map(
    ({ where, allowed }) => `${where} is passed over: it takes one of ${allowed.join(', ')}.`,
  )
