import type { Used } from './gauge'

/** A proxy in a process of its own. */
export interface Proxy {
  readonly port: number
  readonly pid: number
  /** Rejects for a proxy that is no program of node. */
  readonly used: () => Promise<Used>
  readonly end: () => Promise<void>
}
