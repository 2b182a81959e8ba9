/** The simulated upstream in a process of its own, for the official CLI: it answers at once. */
import { startOnSockets } from '../../test/hosts/support/upstream'
import type { SignedIn } from '../accounts'
import { answerAsked } from './child'

export interface Started {
  readonly rows: ReadonlyArray<SignedIn>
  readonly issuer: string
  readonly backend: string
  readonly modelBase: string
  readonly tokenUrl: string
}

export const said = 'Hello from the model.'

const started = startOnSockets({ readsBodies: false }).then((upstream): Started => {
  upstream.speak(() => ({ text: said }))
  const rows = ['ada', 'grace', 'barbara'].map((name) => {
    const [account] = upstream.addPerson({ email: `${name}@mail.test` }).accounts
    return { accountId: account.accountId, tokens: upstream.signIn(account) }
  })
  const { backend, issuer, modelBase, tokenUrl } = upstream
  return { rows, issuer, backend, modelBase, tokenUrl }
})

answerAsked(() => started)
