/**
 * Which pool serves a folder. Every start asks, and most people have no project with a pool of its own:
 * they pay for one look, and what finds a project is loaded for the others alone.
 */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import type { Layout } from '../../core/storage/layout'
import type { Around, ProjectPorts } from './project-pool'

export const layoutIn =
  (ports: ProjectPorts, user: Layout, around: Around) =>
  (folder: string): ResultAsync<Layout, never> =>
    ports.files
      .stamp(user.projects)
      .orElse(() => okAsync(O.none))
      .andThen((stamp) =>
        O.isNone(stamp)
          ? okAsync(user)
          : ResultAsync.fromSafePromise(import('./project-pool')).andThen(({ poolIn }) =>
              poolIn(ports, user, around)(folder),
            ),
      )
