/** Tells the decision log and the person what became of each request. */
import * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'
import * as Pool from '../../core/accounts/pool'
import * as Explanation from '../../core/insight/explanation'
import { iso } from '../../core/time'
import { projectOf, type Layout } from '../../core/storage/layout'
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
  const asked = askedIn(projectOf(layout))
  return {
    ofRequests: {
      decided: (request, selection, known) => {
        if (request.purpose === 'model') announcer.decided(threadOf(request), selection, known)
        const toStored = Explanation.toStored(ports.clock.now(), known.pool, known.world.model)
        log.add({
          ...{ event: Explanation.event, ...asked(request) },
          ...toStored(selection),
        })
      },
      served: (request, account, known) => {
        if (request.purpose === 'model')
          announcer.served(threadOf(request), account, known, ports.clock.now())
        const index = Pool.numberOf(account)(known.pool) - 1
        log.add({ event: 'served', ...asked(request), account: at(known.pool, index) })
      },
      rested: (request, back) => {
        if (request.purpose === 'model') announcer.rested(back, ports.clock.now())
        log.add({ event: 'rested', ...asked(request), until: iso(back) })
      },
      usedModel: (request, from, model) => {
        announcer.usedModel(from, model)
        log.add({ event: 'used-model', ...asked(request), from, model })
      },
      passedOn: (request, status) => log.add({ event: 'passed-on', ...asked(request), status }),
      gaveUp: (request, because) => {
        if (request.purpose === 'model')
          announcer.gaveUp(threadOf(request), because, ports.clock.now())
        log.add({ event: 'gave-up', ...asked(request), because: because._tag })
      },
    },
    close: log.flush,
  }
}

const threadOf = ({ conversation }: RouteRequest): string =>
  O.isSome(conversation) ? conversation.value.id : ''

const askedIn =
  (project: O.Option<string>) =>
  ({ conversation, path }: RouteRequest): Readonly<Record<string, unknown>> => ({
    path: path.split('?', 1)[0],
    ...(O.isSome(project) ? { project: project.value } : {}),
    conversation:
      O.isSome(conversation) && isPlain(conversation.value.id) ? conversation.value.id : null,
  })

/** An id is what a client makes it: what might be an e-mail, or long enough for a token, is not written. */
const isPlain = (id: string): boolean => /^[\w:.-]{1,64}$/.test(id)

/** By number and account id: a key may hold an e-mail. */
const at = (pool: Pool.Pool, index: number): string =>
  `${index + 1} ${pool.accounts[index]?.identity.accountId ?? ''}`
