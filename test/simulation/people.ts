/** Who signs in. */
import type { Account } from '../../entrypoints/embed/testing/people'

/** The last two are in one workspace. */
export const people: ReadonlyArray<Account> = [0, 1, 2, 3, 4].map((n) => {
  const accountId = `acc-${Math.min(n, 3)}`
  const userId = `user-${n}`
  const plan = n === 0 ? 'pro' : 'plus'
  return {
    key: `${accountId}/${userId}`,
    ...{ accountId, userId, plan, email: `${n}@mail.test`, title: 'Personal' },
  }
})
