import type { Account } from './account'

export interface Pool {
  readonly accounts: ReadonlyArray<Account>
}
