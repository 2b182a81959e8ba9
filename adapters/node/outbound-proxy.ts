/**
 * Whether a request goes out through a proxy, and which: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and
 * NO_PROXY, in lower case first. A name in NO_PROXY stands for its subdomains too, as it does for the
 * official CLI; it may end in a port. A loopback address never leaves the machine.
 */
export type Environment = Readonly<Record<string, string | undefined>>

const read = (environment: Environment, name: string): string =>
  environment[name] || environment[name.toUpperCase()] || ''

export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(\.\d{1,3}){3}$/.test(hostname)

const portOf = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80')

const exempts =
  (url: URL) =>
  (exemption: string): boolean => {
    if (exemption === '*') return true
    const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(exemption) ?? []
    if (port !== undefined && port !== portOf(url)) return false
    const bare = name.replace(/^\*?\./, '')
    return bare !== '' && (url.hostname === bare || url.hostname.endsWith(`.${bare}`))
  }

/** The proxy's URL, or undefined for a direct connection. */
export const proxyFor = (environment: Environment, url: URL): string | undefined => {
  if (isLoopback(url.hostname)) return undefined
  const exemptions = read(environment, 'no_proxy')
    .toLowerCase()
    .split(/[\s,]+/)
  if (exemptions.some(exempts(url))) return undefined
  const proxy =
    read(environment, `${url.protocol.slice(0, -1)}_proxy`) || read(environment, 'all_proxy')
  if (proxy === '') return undefined
  return proxy.includes('://') ? proxy : `http://${proxy}`
}
