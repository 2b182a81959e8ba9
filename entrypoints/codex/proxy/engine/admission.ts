/**
 * Who may use the proxy. There is no secret on a command line, so a caller shows what only the
 * user's own programs have: a token that the official sign-in has had while we run, or one handed
 * out by us. Where no token can be asked for, the connecting socket must belong to our user.
 */
import * as O from 'fp-ts/Option'
import type { Secret } from '../../../../core/accounts/credential'
import type { CredentialsStore } from '../../../../core/official/configuration'
import * as Headers from '../../../../core/request/headers'
import type { Layout } from '../../../../core/storage/layout'
import type { ServerRequest } from '../../../../ports/http-server'
import { readFront } from '../../../programs/front'
import type { Ports } from '../../../programs/ports'

export interface Admission {
  readonly admits: (request: ServerRequest) => Promise<boolean>
  /** Of a token in its body that nobody here knows: a sign-in kept elsewhere has such. */
  readonly admitsUnknown: (request: ServerRequest) => Promise<boolean>
  /** Learns now the token that the CLI will show, so that its first request does not wait for that. */
  readonly prepare: () => void
  /** A token that we gave to the CLI is one it may show. */
  readonly handedOut: (token: Secret) => void
}

/** Tokens that the CLI may show in one session; it renews one every ten days, and a person switches. */
const knownMax = 16

export const openAdmission = (
  ports: Pick<Ports, 'files' | 'hash'>,
  layout: Layout,
  store: CredentialsStore,
): Admission => {
  /** A CLI that runs shows the token it has read, whoever has been signed in since. */
  let known: ReadonlyArray<Secret> = []

  const isKnown = (bearer: string): boolean =>
    known.some((token) => ports.hash.equal(token.reveal(), bearer))
  const know = (token: Secret): void => {
    if (!isKnown(token.reveal())) known = [...known, token].slice(-knownMax)
  }
  /** Whether there is a login in `auth.json`, read anew. */
  const readLogin = async (): Promise<boolean> => {
    const login = await readFront(ports, layout).unwrapOr(O.none)
    const token = O.isSome(login) ? login.value.credential.access : O.none
    if (O.isSome(token)) know(token.value)
    return O.isSome(token)
  }

  /** A sign-in kept elsewhere has a token we cannot know, whatever else is in the file. */
  const mayBeUnknown = async (): Promise<boolean> => !(await readLogin()) || store !== 'file'
  const isOurs = (request: ServerRequest): Promise<boolean> =>
    request.peerIsOurs().match(
      O.getOrElse(() => false),
      () => false,
    )

  return {
    admits: async (request) => {
      const bearer = bearerOf(request.headers)
      if (O.isSome(bearer)) {
        if (isKnown(bearer.value)) return true
        const mayPass = await mayBeUnknown()
        if (isKnown(bearer.value)) return true
        if (!mayPass) return false
      }
      return isOurs(request)
    },
    admitsUnknown: async (request) => (await mayBeUnknown()) && isOurs(request),
    prepare: () => void readLogin(),
    handedOut: know,
  }
}

/** A request that a browser page could make, or one meant for another host. */
export const isForeign = (request: ServerRequest): boolean => {
  const host = O.getOrElse(() => '')(Headers.get('host')(request.headers))
  return (
    !/^(127\.0\.0\.1|localhost):\d+$/.test(host) || O.isSome(Headers.get('origin')(request.headers))
  )
}

const bearerOf = (headers: Headers.Headers): O.Option<string> => {
  const value = O.getOrElse(() => '')(Headers.get('authorization')(headers))
  return /^bearer /i.test(value) ? O.some(value.slice('bearer '.length)) : O.none
}
