/** `account pause`, `account drain` and what takes them back: an account is given a rest. */
import * as Policy from '../../core/accounts/policy'
import { policyCommand } from './change-policy'

export const pause = policyCommand(
  () => Policy.pause(true),
  [['$0 account pause 2', 'it serves nothing until it is unpaused']],
)

export const unpause = policyCommand(
  () => Policy.pause(false),
  [['$0 account unpause 2', 'it serves again']],
)

export const drain = policyCommand(
  () => Policy.drain(true),
  [['$0 account drain 2', 'it ends what it has and takes nothing new']],
)

export const undrain = policyCommand(
  () => Policy.drain(false),
  [['$0 account undrain 2', 'it takes new conversations again']],
)
