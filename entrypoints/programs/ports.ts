/** All the ports a composition root fills; a program names the few it uses. */
import type { Browser } from '../../ports/browser'
import type { Clock } from '../../ports/clock'
import type { Compression } from '../../ports/compression'
import type { FileSystem } from '../../ports/file-system'
import type { Hash } from '../../ports/hash'
import type { Http } from '../../ports/http'
import type { HttpServer } from '../../ports/http-server'
import type { Lock } from '../../ports/lock'
import type { Process } from '../../ports/process'
import type { Random } from '../../ports/random'
import type { Terminal } from '../../ports/terminal'
import type { Watcher } from '../../ports/watcher'

export interface Ports {
  readonly files: FileSystem
  readonly lock: Lock
  readonly clock: Clock
  readonly random: Random
  readonly hash: Hash
  readonly http: Http
  readonly compression: Compression
  readonly server: HttpServer
  readonly browser: Browser
  readonly process: Process
  readonly terminal: Terminal
  readonly watcher: Watcher
}
