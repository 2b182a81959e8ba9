/** `account note`: a line about an account that only people read. */
import * as Policy from '../../core/accounts/policy'
import { policyCommand } from './change-policy'

export const note = policyCommand(
  ([words = '']) => Policy.annotate(words),
  [
    ['$0 account note 2 "until May"', 'shown by account policy'],
    ['$0 account note 2 ""', 'takes it away'],
  ],
  {
    name: 'text',
    isSeveral: false,
    mayBeEmpty: true,
    describe: 'up to 500 characters; empty for none',
  },
)
