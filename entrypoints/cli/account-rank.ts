/** `account weight` and `account tier`: how much of the work an account gets. */
import * as Policy from '../../core/accounts/policy'
import { policyCommand } from './change-policy'

const number = ([word = '']: ReadonlyArray<string>): number =>
  word.trim() === '' ? NaN : Number(word)

export const weight = policyCommand(
  (words) => Policy.weigh(number(words)),
  [
    ['$0 account weight 2 3', 'three times the share of the others'],
    ['$0 account weight 2 1', 'the same share again'],
  ],
  { name: 'number', isSeveral: false, describe: '0 to 10; 1 unless set' },
)

export const tier = policyCommand(
  (words) => Policy.place(number(words)),
  [
    ['$0 account tier 2 0', 'before the accounts of tier 1'],
    ['$0 account tier 3 2', 'only when none of tier 1 can serve'],
  ],
  { name: 'number', isSeveral: false, describe: '0 to 9, lower first; 1 unless set' },
)
