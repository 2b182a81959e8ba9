/**
 * Plays the demo: a simulated upstream, three accounts signed in through the real sign-in, and one
 * prompt a scene through the real wrapper and proxy, in a home that is gone afterwards.
 */
import * as O from 'fp-ts/Option'
import { okAsync, ok, ResultAsync, safeTry } from 'neverthrow'
import { decode, parseJson } from '../../../core/result'
import type { Layout } from '../../../core/storage/layout'
import type { Ports } from '../../programs/ports'
import { signIn } from '../../programs/login'
import { failed, usageLimit, type Behaviour } from '../../embed/testing/behaviour'
import type { Account } from '../../embed/testing/people'
import type { Upstream } from '../../embed/testing/upstream'
import { openCallback } from './callback'
import {
  decisionForm,
  scenes,
  type Asker,
  type Decision,
  type Played,
  type Scene,
  type Told,
} from './story'

export interface DemoFailed {
  readonly _tag: 'DemoFailed'
  readonly because: string
}

/** One prompt, put to the proxy by whoever the asker is. */
export type Ask = () => ResultAsync<{ readonly exit: number; readonly answer: string }, DemoFailed>

export interface Stage {
  readonly ports: Omit<Ports, 'browser'>
  readonly layout: Layout
  readonly upstream: Upstream
  readonly asker: Asker
  readonly ask: Ask
}

/** Grace and Barbara have used some of their windows, so that each scene finds the one it is about. */
const person = (email: string, usedPercent: number) => ({
  email,
  workspaces: [{ plan: 'plus', quota: { windows: [{ usedPercent }, { usedPercent }] } }],
})

const people = [
  person('ada@demo.test', 0),
  person('grace@demo.test', 30),
  person('barbara@demo.test', 20),
]

export const play = (stage: Stage): ResultAsync<Told, DemoFailed> =>
  safeTry(async function* () {
    const cast: Array<Account> = []
    for (const terms of people) {
      const person = stage.upstream.addPerson(terms)
      stage.upstream.browser.signsIn(person.accounts[0])
      yield* signIn(
        { ...stage.ports, ...openCallback(stage.ports) },
        { layout: stage.layout, seams: stage.upstream, workspace: O.none, sync: 'auto' },
        { _tag: 'Browser', otherwise: 'Address' },
        () => undefined,
      ).mapErr(({ _tag }): DemoFailed => ({ _tag: 'DemoFailed', because: _tag }))
      cast.push(person.accounts[0])
    }
    const played: Array<Played> = []
    for (const scene of scenes) played.push(yield* playScene(stage, cast, scene))
    return ok({
      asker: stage.asker,
      cast: cast.map(({ email, plan }) => ({ name: email.split('@')[0] ?? email, plan })),
      played,
    })
  })

const playScene = (
  stage: Stage,
  cast: ReadonlyArray<Account>,
  scene: Scene,
): ResultAsync<Played, DemoFailed> => {
  const { clock } = stage.ports
  const began = clock.now()
  befall(stage.upstream, cast, scene)
  return decisionsIn(stage).andThen((before) =>
    stage.ask().andThen(({ exit, answer }) => {
      const took = clock.now() - began
      return decisionsIn(stage).map((after) => ({
        scene,
        exit,
        answer,
        took,
        decisions: after.slice(before.length),
      }))
    }),
  )
}

const befall = (upstream: Upstream, cast: ReadonlyArray<Account>, { trouble }: Scene): void => {
  const key = cast[trouble.who]?.key ?? ''
  const once = (behaviour: Behaviour): void => upstream.script(key, [behaviour])
  switch (trouble._tag) {
    case 'Limited':
      return once(usageLimit(trouble.resetsIn))
    case 'FailsInStream':
      return once(failed('server_error'))
    case 'Revoked':
      return upstream.refuseAccess(key, 'token_revoked')
  }
}

const decisionsIn = ({ ports, layout }: Stage): ResultAsync<ReadonlyArray<Decision>, never> =>
  ports.files
    .read(layout.decisions)
    .map((text) =>
      text.split('\n').flatMap((line) =>
        parseJson(line)
          .andThen(decode(decisionForm))
          .match(
            (decision) => [decision],
            () => [],
          ),
      ),
    )
    .orElse(() => okAsync([]))
