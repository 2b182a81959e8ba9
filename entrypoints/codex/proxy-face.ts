/**
 * What the wrapper asks of the loopback proxy. The proxy comes in a chunk of its own, loaded for a
 * routed command alone, so nothing here may load it.
 */
import type { ResultAsync } from 'neverthrow'
import type * as O from 'fp-ts/Option'
import type { AccountKey } from '../../core/accounts/identity'
import type { Kind } from '../../core/official/arguments'
import type { CredentialsStore } from '../../core/official/configuration'
import type { LoopbackPorts } from '../../core/official/loopback'
import type { Seams } from '../../core/official/seams'
import type { Layout } from '../../core/storage/layout'
import type { ListenError } from '../../ports/http-server'

export interface ProxyTerms {
  readonly layout: Layout
  readonly seams: Seams
  readonly environment: Readonly<Record<string, string | undefined>>
  /** A `sign-in` revokes through us and asks for nothing else. */
  readonly kind: Kind | 'sign-in'
  /** Where the official CLI keeps its sign-in: only one in a file can be known by its token. */
  readonly store: CredentialsStore
  /** The only account that may serve, where the person asked for one. */
  readonly strict: O.Option<AccountKey>
}

export interface RunningProxy extends LoopbackPorts {
  /** Gets ready to answer, where it is not yet: for the moment when Codex is starting. */
  readonly warm: () => void
  /** Ends the open connections, and says what is left to say. */
  readonly close: () => ResultAsync<void, never>
}

export type StartProxy = (terms: ProxyTerms) => ResultAsync<RunningProxy, ListenError>
