import { pool } from '../../test/support/pool'

export const files = pool
