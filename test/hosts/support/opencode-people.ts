/** Other people for each turn of an OpenCode that stays: the running plugin has to notice them. */
import type { Account as Person } from '../../../entrypoints/embed/testing/people'
import type { Tokens } from '../../../entrypoints/embed/testing/tokens'
import type { OpenCodeServer } from './opencode-server'
import { writePool } from './product'
import type { Scene } from './scene'

export interface Guests {
  /** Ada, Grace and Barbara, none of whom was here before; the pool holds nobody else. */
  readonly people: ReadonlyArray<Person>
  readonly ada: Person
  readonly grace: Person
  readonly barbara: Person
  /** Model requests that reached each of the three. */
  readonly tried: () => ReadonlyArray<number>
}

export interface GuestTerms {
  /** Tokens of the one with this number; such as last an hour when left out. */
  readonly signIn?: (scene: Scene, person: Person, index: number) => Tokens
}

/** `nth` tells these three from those before. */
export const signInGuests = async (
  scene: Scene,
  nth: number,
  { signIn = ({ upstream }, person) => upstream.signIn(person) }: GuestTerms = {},
): Promise<Guests> => {
  const add = (name: string): Person =>
    scene.upstream.addPerson({ email: `${name}${nth}@mail.test` }).accounts[0]
  const [ada, grace, barbara] = [add('ada'), add('grace'), add('barbara')]
  const people = [ada, grace, barbara]
  await writePool(
    scene.home,
    people.map((account, index) => ({ account, tokens: signIn(scene, account, index) })),
  )
  return {
    ...{ people, ada, grace, barbara },
    tried: () => people.map(({ key }) => scene.upstream.journal.requestsOf(key).length),
  }
}

export const good = 'Hello from the model.'

/** What a person sees, and how often each of the three was tried for it. */
export type Turn = readonly [seen: unknown, tried: ReadonlyArray<unknown>]

/** Of a new conversation. */
export const turnOf = async (server: OpenCodeServer, { tried }: Guests): Promise<Turn> => {
  const session = await server.openSession()
  const { error, text } = await session.say('hello')
  return [text + error, tried()]
}

/** Each account was asked once, and then the host is told, and stops. */
export const limited: Turn = [expect.stringMatching(/usage limit.*back in/), [1, 1, 1]]
