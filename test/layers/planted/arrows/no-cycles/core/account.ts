import type { Pool } from './pool'

export interface Account {
  readonly pool: Pool
}
