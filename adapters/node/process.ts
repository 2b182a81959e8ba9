import { ResultAsync } from 'neverthrow'
import type { Process } from '../../ports/process'
import { nodeChild } from './child'
import { identities, type Identities } from './process-identity'

/** Read at the first question: the answer costs files, and many commands never ask. */
export const nodeProcess = (): Process => {
  let known: Identities | undefined
  const ask = (): Identities => (known ??= identities())
  return {
    ...nodeChild(),
    self: () => ask().self(),
    isAlive: (identity) => ResultAsync.fromSafePromise(ask().isAlive(identity)),
  }
}
