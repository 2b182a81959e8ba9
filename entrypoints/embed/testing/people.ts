/**
 * People and the workspaces they may sign in to.
 *
 * A person has one user id and an e-mail; each workspace of theirs is an account with an id, a plan
 * and a quota of its own. Two people may share a workspace: then the account id is the same and the
 * key is not.
 */
import * as O from 'fp-ts/Option'
import * as Quota from './quota'
import type { Instant } from '../../../core/time'

export interface Account {
  /** Account id, `/`, user id. */
  readonly key: string
  readonly accountId: string
  readonly userId: string
  readonly email: string
  readonly plan: string
  readonly title: string
}

export interface Person {
  readonly email: string
  readonly userId: string
  /** One a workspace, in the order given; never empty. */
  readonly accounts: readonly [Account, ...ReadonlyArray<Account>]
}

export interface WorkspaceTerms {
  readonly accountId?: string
  readonly plan?: string
  readonly title?: string
  readonly quota?: Quota.Terms
}

export interface PersonTerms {
  readonly email: string
  readonly userId?: string
  /** One workspace on plan `plus` when left out. */
  readonly workspaces?: ReadonlyArray<WorkspaceTerms>
}

export interface People {
  readonly add: (terms: PersonTerms, now: Instant) => Person
  readonly ofKey: (key: string) => O.Option<Account>
  /** Every account whose key or account id this is. */
  readonly named: (id: string) => ReadonlyArray<Account>
  readonly workspacesOf: (userId: string) => ReadonlyArray<Account>
  readonly quota: (key: string, now: Instant) => Quota.Quota
  readonly setQuota: (key: string, quota: Quota.Quota) => void
}

/** Looks like the real thing, a UUID, and can be told from it at a glance. */
const accountIdOf = (count: number): string =>
  `51a00000-0000-4000-8000-${String(count).padStart(12, '0')}`

const madeAccounts = (terms: PersonTerms, userId: string, before: number): Person['accounts'] => {
  const made = (workspace: WorkspaceTerms, index: number): Account => {
    const accountId = workspace.accountId ?? accountIdOf(before + index + 1)
    const plan = workspace.plan ?? 'plus'
    const title = workspace.title ?? (index === 0 ? 'Personal' : `Workspace ${String(index + 1)}`)
    return { key: `${accountId}/${userId}`, accountId, userId, email: terms.email, plan, title }
  }
  const [first = {}, ...others] = terms.workspaces ?? []
  return [made(first, 0), ...others.map((workspace, index) => made(workspace, index + 1))]
}

export const create = (): People => {
  const accounts = new Map<string, Account>()
  const quotas = new Map<string, Quota.Quota>()
  const users = new Set<string>()
  const list = () => [...accounts.values()]
  return {
    add: (terms, now) => {
      const userId = terms.userId ?? `user-sim-${String(users.size + 1)}`
      users.add(userId)
      const made = madeAccounts(terms, userId, accounts.size)
      made.forEach((account, index) => {
        accounts.set(account.key, account)
        quotas.set(account.key, Quota.of(terms.workspaces?.[index]?.quota ?? {}, now))
      })
      return { email: terms.email, userId, accounts: made }
    },
    ofKey: (key) => O.fromNullable(accounts.get(key)),
    named: (id) => list().filter((account) => account.key === id || account.accountId === id),
    workspacesOf: (userId) => list().filter((account) => account.userId === userId),
    quota: (key, now) => Quota.at(now)(quotas.get(key) ?? Quota.unmetered),
    setQuota: (key, quota) => {
      quotas.set(key, quota)
    },
  }
}
