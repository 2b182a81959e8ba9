/** `account tag` and `account untag`: words that accounts are grouped by. */
import * as Policy from '../../core/accounts/policy'
import { policyCommand, type Argument } from './change-policy'

const tags: Argument = { name: 'tags', isSeveral: true, describe: 'words of up to 64 characters' }

export const tag = policyCommand(
  Policy.tag,
  [['$0 account tag 2 work eu', 'two tags for the second in the list']],
  tags,
)

export const untag = policyCommand(
  Policy.untag,
  [['$0 account untag 2 eu', 'takes one away again']],
  tags,
)
