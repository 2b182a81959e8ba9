/**
 * What there is to know about the accounts at a glance, for the commands that show them: the shared
 * runtime state and the settings. It is only looked at: nothing is asked of the backend.
 */
import * as O from 'fp-ts/Option'
import { okAsync, type ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import type { AccountKey } from '../../core/accounts/identity'
import * as Policy from '../../core/accounts/policy'
import type { Pool } from '../../core/accounts/pool'
import type { Snapshot } from '../../core/quota/snapshot'
import * as Eligibility from '../../core/routing/eligibility'
import type { Settings } from '../../core/settings/catalogue'
import type { Complaint } from '../../core/settings/resolution'
import type { Layout } from '../../core/storage/layout'
import * as RuntimeFile from '../../core/storage/runtime-file'
import * as RuntimeState from '../../core/storage/runtime-state'
import * as Seeding from '../../core/storage/seeding'
import type { Instant } from '../../core/time'
import type { Ports } from './ports'
import { readPolicies } from './policies'
import { readSettings } from './settings'

export interface Outlook {
  readonly now: Instant
  readonly settings: Settings
  readonly badSettings: ReadonlyArray<Complaint>
  readonly state: RuntimeState.RuntimeState
  readonly policies: Policy.Policies
}

/** What it says about one account. */
export interface Seen {
  /** Why it does not serve now; none when it can. */
  readonly reason: O.Option<Eligibility.Reason>
  readonly quota: O.Option<Snapshot>
  readonly plan: O.Option<string>
  readonly lastUsedAt: O.Option<Instant>
}

export const readOutlook = (
  ports: Pick<Ports, 'files' | 'clock'>,
  layout: Layout,
  environment: Readonly<Record<string, string | undefined>>,
): ResultAsync<Outlook, never> =>
  // All four hold nothing that cannot be had again, so one that cannot be read is as if it were not.
  readSettings(ports, layout, environment).andThen(({ settings, complaints }) =>
    textOf(ports, layout.runtimeState).andThen((stateText) =>
      textOf(ports, layout.quota).andThen((quotaText) =>
        readPolicies(ports, layout)
          .orElse(() => okAsync({}))
          .map((policies): Outlook => {
            const text = O.getOrElse(() => '')
            return {
              ...{ settings, policies, now: ports.clock.now() },
              badSettings: complaints,
              state: RuntimeFile.parse(text(stateText), text(quotaText)),
            }
          }),
      ),
    ),
  )

/** With what the rows of the pool say where nothing else is known, as a request would find it. */
export const sown =
  ({ accounts }: Pick<Pool, 'accounts'>) =>
  (outlook: Outlook): Outlook => ({
    ...outlook,
    state: RuntimeState.applyAll(Seeding.seedsOf(outlook.now, accounts)(outlook.state))(
      outlook.state,
    ),
  })

export const seenOf = (
  pool: Pick<Pool, 'accounts'>,
  outlook: Outlook,
): ((account: Account.Account) => Seen) => {
  const { now, policies, settings, state } = sown(pool)(outlook)
  const candidateOf = (account: Account.Account): Eligibility.Candidate => {
    const key = Account.key(account)
    const [cooldown, quota] = [
      RuntimeState.cooldownOf(key)(state),
      RuntimeState.quotaOf(key)(state),
    ]
    const standing = RuntimeState.standingOf(key)(state)
    return Eligibility.candidate(account, { cooldown, quota, standing }, Policy.of(key)(policies))
  }
  const tags = settings.requiredTags.map(Policy.normal)
  const takesNew = (candidate: Eligibility.Candidate): boolean =>
    Eligibility.barred(now, tags, false, candidate) === undefined &&
    Eligibility.ejected(now, candidate) === undefined
  // Who rests after faults is asked all the same where nobody else can be.
  const mayRest =
    settings.schedulingStrategy !== 'manual' &&
    pool.accounts.some((account) => takesNew(candidateOf(account)))
  return (account) => {
    const candidate = candidateOf(account)
    const { key, plan, quota } = candidate
    const reason = Eligibility.barred(now, tags, true, candidate)
    const rest = mayRest ? Eligibility.ejected(now, candidate) : undefined
    return {
      reason: O.fromNullable(reason ?? rest),
      ...{ plan, quota, lastUsedAt: lastUsedAt(key, account, state) },
    }
  }
}

/** The end of its last answer that is remembered, else what a row of the existing tool says. */
const lastUsedAt = (
  key: AccountKey,
  account: Account.Account,
  { ties }: RuntimeState.RuntimeState,
): O.Option<Instant> => {
  const served = Object.values(ties).flatMap((tie) => (tie.account === key ? [tie.servedAt] : []))
  const row = account.stored['lastUsed']
  const latest = Math.max(0, typeof row === 'number' ? row : 0, ...served)
  return latest > 0 ? O.some(latest) : O.none
}

const textOf = (ports: Pick<Ports, 'files'>, path: string): ResultAsync<O.Option<string>, never> =>
  ports.files
    .read(path)
    .map((text): O.Option<string> => O.some(text))
    .orElse(() => okAsync(O.none))
