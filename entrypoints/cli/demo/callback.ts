/**
 * The ports that the issuer knows belong to a sign-in of the person, or of another demo, which one more
 * listener there would end. So the demo's own listens on a free port, and its browser comes back to that.
 */
import { okAsync, type ResultAsync } from 'neverthrow'
import * as Authorization from '../../../core/auth/authorization'
import type { HttpLimits } from '../../../ports/http'
import type { Ports } from '../../programs/ports'

const limits: HttpLimits = { connectMax: 5_000, firstByteMax: 5_000, stallMax: 5_000 }

/** For one sign-in. */
export const openCallback = ({
  http,
  server,
}: Pick<Ports, 'http' | 'server'>): Pick<Ports, 'browser' | 'server'> => {
  const places = new Map<number, number>()
  return {
    server: {
      listen: (at, answer) =>
        Authorization.ports.includes(at.port)
          ? server.listen({ ...at, port: 0 }, answer).map((listener) => {
              places.set(at.port, listener.port)
              return { ...listener, port: at.port }
            })
          : server.listen(at, answer),
    },
    browser: {
      open: (url) =>
        visit({ http }, placedIn(places), url, 3).mapErr(() => ({ _tag: 'NoBrowser' as const })),
    },
  }
}

const placedIn =
  (places: ReadonlyMap<number, number>) =>
  (url: string): string => {
    const placed = new URL(url)
    const port = places.get(Number(placed.port))
    if (port !== undefined) placed.port = String(port)
    return placed.href
  }

/** The person's browser: it goes where the sign-in page sends it. */
const visit = (
  ports: Pick<Ports, 'http'>,
  placed: (url: string) => string,
  url: string,
  redirectsMax: number,
): ResultAsync<void, unknown> =>
  ports.http
    .send({
      ...{ method: 'GET', url: placed(url), headers: [['accept', 'text/html']], body: [], limits },
    })
    .andThen(({ headers, body }) => {
      body.cancel()
      const next = headers.find(([name]) => name === 'location')?.[1]
      return next === undefined || redirectsMax === 0
        ? okAsync(undefined)
        : visit(ports, placed, new URL(next, url).href, redirectsMax - 1)
    })
