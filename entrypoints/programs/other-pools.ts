/** What the user's other pools hold: the user's own beside a project's, and those of other projects. */
import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import type { Others } from '../../core/accounts/elsewhere'
import * as Layout from '../../core/storage/layout'
import * as ProjectIdentity from '../../core/storage/project-identity'
import type { PoolError } from './pool'
import { readPool } from './pool-reading'
import type { Ports } from './ports'
import { inRefreshLane } from './refresh-lane'

/** More projects than a person has. */
const poolsMax = 1_000

/** A pool that cannot be read is an error: nobody knows whose sign-ins it holds. */
export const othersOf = (
  ports: Pick<Ports, 'files'>,
  layout: Layout.Layout,
): ResultAsync<Others, PoolError> =>
  ports.files
    .list(layout.projects)
    .orElse((error) => (error._tag === 'NotFound' ? okAsync([]) : errAsync(error)))
    .map((names) =>
      [
        Layout.ofUser(layout),
        ...names
          .filter(ProjectIdentity.isKey)
          .slice(0, poolsMax)
          .map((key) => Layout.ofProject(key)(layout)),
      ].filter(({ pool }) => pool !== layout.pool),
    )
    .andThen((others) =>
      others.reduce<ResultAsync<Others, PoolError>>(
        (before, other) =>
          before.andThen((found) =>
            readPool(ports, other).map(({ accounts, flagged }) => [
              ...found,
              ...accounts,
              ...flagged.map(({ account }) => account),
            ]),
          ),
        okAsync([]),
      ),
    )

/**
 * For what takes sign-ins in from a file. In the lane, so that no other pool takes or renews one of them
 * meanwhile; who has no other pool waits for nobody.
 */
export const besideOthers =
  (ports: Pick<Ports, 'files' | 'lock'>, layout: Layout.Layout) =>
  <A, E>(work: (others: Others) => ResultAsync<A, E>): ResultAsync<A, E | PoolError> =>
    othersOf(ports, layout).andThen((others): ResultAsync<A, E | PoolError> =>
      others.length === 0
        ? work(others)
        : inRefreshLane(ports, layout, () => othersOf(ports, layout).andThen(work)),
    )
