/**
 * Where the issuer and the backend are. Each may be pointed elsewhere by a variable: https anywhere,
 * http on a loopback address alone, as tokens travel there.
 */
import { err, ok, type Result } from 'neverthrow'

export interface Seams {
  /** Without a slash at its end, as `https://auth.openai.com`. */
  readonly issuer: string
  /** Without a slash at its end, as `https://chatgpt.com/backend-api`. */
  readonly backend: string
  /** Whether the backend is the real one: only then may an answer of its send us to another origin. */
  readonly isRealBackend: boolean
}

export interface UnsafeSeam {
  readonly _tag: 'UnsafeSeam'
  readonly variable: string
}

export const realIssuer = 'https://auth.openai.com'
export const realBackend = 'https://chatgpt.com/backend-api'

/** The public client id of the Codex CLI (protocol.md, section 2). It is no secret. */
export const clientId = 'app_EMoamEEZ73f0CkXaXp7hrann'

type Environment = Readonly<Record<string, string | undefined>>

export const ofEnvironment = (environment: Environment): Result<Seams, UnsafeSeam> =>
  seam(environment, 'CODEX_MULTI_AUTH_ISSUER', realIssuer).andThen((issuer) =>
    seam(environment, 'CODEX_MULTI_AUTH_BACKEND', realBackend).map((backend) => ({
      issuer,
      backend,
      isRealBackend: backend === realBackend,
    })),
  )

const seam = (
  environment: Environment,
  variable: string,
  real: string,
): Result<string, UnsafeSeam> => {
  const value = environment[variable]
  if (value === undefined || value === '') return ok(real)
  const url = parsed(value)
  return url !== undefined && isSafe(url)
    ? ok(`${url.origin}${url.pathname}`.replace(/\/+$/, ''))
    : err({ _tag: 'UnsafeSeam', variable })
}

/** Paths are put behind it, so a query or a fragment has no place in it. */
const isSafe = (url: URL): boolean => {
  if (`${url.username}${url.password}${url.search}${url.hash}` !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)

const parsed = (value: string): URL | undefined => {
  try {
    return new URL(value)
  } catch {
    return undefined
  }
}
