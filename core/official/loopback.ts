/**
 * How the official CLI is led to our two listeners for one run, and for nothing else: overrides on
 * its command line and variables in its environment (protocol.md, section 5). No file is changed.
 */
import type { Override } from './arguments'

export interface LoopbackPorts {
  /** Answers for the backend: discovery, usage, plugins, and the sign-in's refresh. */
  readonly chatgptPort: number
  /** Answers model requests. Another origin than the first, or the CLI goes past it. */
  readonly modelPort: number
}

type Environment = Readonly<Record<string, string | undefined>>

export const overrides = ({ chatgptPort, modelPort }: LoopbackPorts): ReadonlyArray<Override> => [
  ['chatgpt_base_url', `${origin(chatgptPort)}/backend-api`],
  ['openai_base_url', `${origin(modelPort)}/backend-api/codex`],
]

/** Laid over the environment of a routed command. Ours wins over what a wrapper outside of us set. */
export const environment =
  (ports: LoopbackPorts) =>
  (inherited: Environment): Environment => ({
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${origin(ports.chatgptPort)}/oauth/token`,
    ...revocation(ports.chatgptPort)(inherited),
  })

/** Laid over the environment of a command that signs in or out: it revokes through us alone. */
export const revocation =
  (port: number) =>
  (inherited: Environment): Environment => ({
    CODEX_REVOKE_TOKEN_URL_OVERRIDE: `${origin(port)}/oauth/revoke`,
    ...reachedDirectly(inherited),
  })

/** The discard port: nothing listens there, and the CLI takes a revocation that fails for done. */
export const noRevocation = revocation(9)

const origin = (port: number): string => `http://127.0.0.1:${port}`

const loopback = ['127.0.0.1', 'localhost']

/**
 * Either name of the variable takes over from the other where it is missing: programs read one of
 * them first, and a new one must not hide what the old one says.
 */
const reachedDirectly = (inherited: Environment): Environment => {
  const upper = inherited['NO_PROXY']
  const lower = inherited['no_proxy']
  return { NO_PROXY: withLoopback(upper ?? lower), no_proxy: withLoopback(lower ?? upper) }
}

const withLoopback = (hosts: string | undefined): string => {
  const named = (hosts ?? '').split(',').map((host) => host.trim())
  const missing = loopback.filter((host) => !named.includes(host))
  return [...(hosts === undefined || hosts === '' ? [] : [hosts]), ...missing].join(',')
}
