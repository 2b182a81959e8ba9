// The pure globals core may use. Everything else of the platform does not compile here.
declare class URLSearchParams {
  constructor(init?: string | Record<string, string> | ReadonlyArray<readonly [string, string]>)
  get(name: string): string | null
  has(name: string): boolean
  toString(): string
}
declare class URL {
  constructor(url: string, base?: string)
  readonly href: string
  readonly origin: string
  readonly protocol: string
  readonly hostname: string
  readonly host: string
  readonly port: string
  readonly pathname: string
  readonly search: string
  readonly hash: string
  readonly username: string
  readonly password: string
  readonly searchParams: URLSearchParams
  toString(): string
}
declare class TextEncoder {
  encode(text: string): Uint8Array
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean })
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string
}
declare const atob: (text: string) => string
declare const btoa: (text: string) => string
