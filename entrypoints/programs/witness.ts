/** Tells the decision log and the person what became of each request. */
import * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'
import * as Pool from '../../core/accounts/pool'
import * as Reason from '../../core/insight/reason'
import type { Line } from '../../core/routing/selection'
import type { Layout } from '../../core/storage/layout'
import { openDecisionLog } from './decision-log'
import type { Ports } from './ports'
import type { RouteRequest } from './route-request'
import type { Witness } from './router'
import type { Announcer } from './announcer'

export interface OpenWitness {
  readonly ofRequests: Witness
  readonly close: () => ResultAsync<void, never>
}

export const openWitness = (
  ports: Pick<Ports, 'files' | 'clock'>,
  layout: Layout,
  announcer: Announcer,
): OpenWitness => {
  const log = openDecisionLog(ports, layout)
  return {
    ofRequests: {
      decided: (request, selection, known) => {
        if (request.purpose === 'model') announcer.decided(threadOf(request), selection, known)
        log.add({
          event: 'decided',
          ...asked(request),
          trace: selection.trace.map((line, index) => written(line, at(known.pool, index))),
        })
      },
      served: (request, account, known) => {
        if (request.purpose === 'model')
          announcer.served(threadOf(request), account, known, ports.clock.now())
        const index = Pool.numberOf(account)(known.pool) - 1
        log.add({ event: 'served', ...asked(request), account: at(known.pool, index) })
      },
      gaveUp: (request, because) => {
        if (request.purpose === 'model') announcer.gaveUp(because)
        log.add({ event: 'gave-up', ...asked(request), because: because._tag })
      },
    },
    close: log.flush,
  }
}

const threadOf = ({ conversation }: RouteRequest): string =>
  O.isSome(conversation) ? conversation.value.id : ''

const asked = (request: RouteRequest): Readonly<Record<string, unknown>> => ({
  path: request.path.split('?', 1)[0],
  conversation: O.isSome(request.conversation) ? request.conversation.value.id : null,
})

/** By number and account id: a key may hold an e-mail. A trace has a line an account, in pool order. */
const at = (pool: Pool.Pool, index: number): string =>
  `${index + 1} ${pool.accounts[index]?.identity.accountId ?? ''}`

const written = (line: Line, account: string): Readonly<Record<string, unknown>> => {
  switch (line._tag) {
    case 'Chosen':
      return { account, outcome: 'chosen', because: line.because }
    case 'NotPreferred':
      return { account, outcome: 'not-preferred' }
    case 'Unavailable':
      return { account, outcome: Reason.name(line.reason) }
  }
}
