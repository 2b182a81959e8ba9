/** How to reach an origin: over which agent, through which proxy, trusting which certificates. */
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import type { SecureContext } from 'node:tls'
import { proxyFor, type Environment } from './outbound-proxy'

export interface Route {
  readonly request: typeof http.request
  /** Keeps connections for the next request. */
  readonly kept: http.Agent
  /** Makes a new connection for each. */
  readonly fresh: http.Agent
}

/** A thrown `code` says why there is none: an unreadable certificate, a proxy that is no URL. */
export type Routes = (url: URL) => Route | Promise<Route>

/**
 * No limit on connections: the requests are the person's own, and one that waits for another's
 * connection is a stall nobody can see. Last in, first out keeps the connection most likely alive; the
 * idle ones go after 55 s, before the idle limits of balancers (60 s and up) make them traps.
 */
const kept = { keepAlive: true, scheduling: 'lifo', timeout: 55_000 } as const
const fresh = { keepAlive: false } as const

export const nodeRoutes = (environment: Environment): Routes => {
  const plain = { request: http.request, kept: new http.Agent(kept), fresh: new http.Agent(fresh) }
  const secure = once(() => secureRoute(environment))
  const proxied = new Map<string, Promise<Route>>()
  return (url) => {
    const proxy = proxyFor(environment, url)
    if (proxy === undefined) return url.protocol === 'https:' ? secure() : plain
    const key = `${url.protocol}${proxy}`
    const known = proxied.get(key) ?? proxiedRoute(environment, url.protocol === 'https:', proxy)
    proxied.set(key, known)
    return known
  }
}

const once = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => (made ??= { value: make() }).value
}

const secureRoute = async (environment: Environment): Promise<Route> => {
  const [https, trust] = await Promise.all([import('node:https'), trusted(environment)])
  return {
    request: https.request,
    kept: new https.Agent({ ...kept, ...trust }),
    fresh: new https.Agent({ ...fresh, ...trust }),
  }
}

/** A tunnel through CONNECT for either protocol, so that the proxy sees no header of ours. */
const proxiedRoute = async (
  environment: Environment,
  isSecure: boolean,
  proxy: string,
): Promise<Route> => {
  const [{ HttpsProxyAgent }, { request }, trust] = await Promise.all([
    import('https-proxy-agent'),
    isSecure ? import('node:https') : http,
    trusted(environment),
  ])
  const agentOf = (options: http.AgentOptions): http.Agent => {
    const agent = new HttpsProxyAgent(proxy, options)
    // Its constructor drops them, and with them our certificates and the limit on idle connections.
    Object.assign(agent.options, options)
    return agent
  }
  return {
    request,
    kept: agentOf({ ...kept, ...trust }),
    fresh: agentOf({ ...fresh, ...trust }),
  }
}

/** Certificates that are trusted beside those of node, when the environment names a file of them. */
const trusted = async (
  environment: Environment,
): Promise<{ readonly secureContext?: SecureContext; readonly ca?: Array<string> }> => {
  const file = environment['CODEX_CA_CERTIFICATE'] || environment['SSL_CERT_FILE']
  if (file === undefined || file === '') return {}
  const { createSecureContext, rootCertificates } = await import('node:tls')
  const extra = environment['NODE_EXTRA_CA_CERTS']
  const named = extra === undefined || extra === '' ? [file] : [file, extra]
  const texts = await Promise.all(named.map((path) => readFile(path, 'utf8')))
  const ca = [...rootCertificates, ...texts]
  // Made once: reading the 140 roots again for each connection would cost more than the connection. Bun
  // knows no context, and keeps for itself what it has made of a list.
  return process.versions['bun'] === undefined
    ? { secureContext: createSecureContext({ ca }) }
    : { ca }
}
