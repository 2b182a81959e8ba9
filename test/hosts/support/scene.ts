/** A home, an upstream and a proxy that lets nobody out, with three people of whom Ada is signed in. */
import type { Account as Person } from '../../../entrypoints/embed/testing/people'
import { makeHome, type Home } from './home'
import { writePool } from './product'
import { startRecordingProxy, type RecordingProxy } from './recording-proxy'
import { startOnSockets, type OnSockets } from './upstream'

export interface Scene {
  readonly upstream: OnSockets
  readonly home: Home
  readonly proxy: RecordingProxy
  readonly ada: Person
  readonly grace: Person
  readonly barbara: Person
  /** All three in the pool, in this order; Ada is who the official CLI is signed in as. */
  readonly signInAll: () => Promise<void>
  /** Model requests that reached each of the three. */
  readonly attempts: () => ReadonlyArray<number>
  readonly close: () => Promise<void>
}

export const openScene = async (): Promise<Scene> => {
  const [upstream, home, proxy] = await Promise.all([
    startOnSockets(),
    makeHome(),
    startRecordingProxy(),
  ])
  const [ada, grace, barbara] = [
    upstream.addPerson({ email: 'ada@mail.test' }).accounts[0],
    upstream.addPerson({ email: 'grace@mail.test' }).accounts[0],
    upstream.addPerson({ email: 'barbara@mail.test' }).accounts[0],
  ]
  const people = [ada, grace, barbara]
  upstream.speak(() => ({ text: 'Hello from the model.' }))
  return {
    ...{ upstream, home, proxy, ada, grace, barbara },
    signInAll: async () => {
      const rows = people.map((account) => ({ account, tokens: upstream.signIn(account) }))
      await writePool(home, rows)
      const [first] = rows
      if (first !== undefined) await home.writeLogin(first.tokens, first.account)
    },
    attempts: () => people.map(({ key }) => upstream.journal.requestsOf(key).length),
    close: async () => {
      await Promise.all([proxy.close(), home.remove(), upstream.close()])
    },
  }
}
