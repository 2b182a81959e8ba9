/**
 * The official CLI's own sign-in around a run of it: what is newer there is taken over before it runs,
 * and a sign-in found afterwards that is in no pool is offered.
 */
import { ok, ResultAsync } from 'neverthrow'
import { lacksToken, type Cause } from '../../core/insight/front-text'
import type { Kind } from '../../core/official/arguments'
import type { Occasion } from '../../core/official/sync'
import type { Layout } from '../../core/storage/layout'
import { syncFront, strangerIn, type Front } from '../programs/front-sync'
import { readSettings } from '../programs/settings'
import { tell, type Door } from './child'

/** What cannot be done is left: it never keeps Codex from running. */
export const bringTogether = (
  { around, frontPorts }: Pick<Door, 'around' | 'frontPorts'>,
  layout: Layout,
  occasion: Extract<Occasion, { readonly _tag: 'Started' | 'Renewing' }>,
): ResultAsync<Front, never> =>
  ResultAsync.fromSafePromise(frontPorts()).andThen((ports) =>
    readSettings(ports, layout, around.environment).andThen(({ settings }) =>
      syncFront(ports, layout, settings.syncCodexCli)(occasion),
    ),
  )

/**
 * `codex exec` runs without a sign-in of its own, as the proxy has one; the terminal UI shows its sign-in
 * screen (protocol.md, section 5). What passes by itself is said in both, as it may be a fault.
 */
export const isFelt = (kind: Kind, because: Cause): boolean =>
  kind !== 'exec' || !lacksToken(because)

export const offerStranger = (door: Door, layout: Layout): ResultAsync<void, never> =>
  ResultAsync.fromSafePromise(door.frontPorts())
    .andThen((ports) => strangerIn(ports, layout))
    .map((names) => names.forEach((name) => tell(door, { _tag: 'Stranger', name })))
    .orElse(() => ok(undefined))
