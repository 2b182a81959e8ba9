import { clock } from '../../adapters/node/clock'

export const now = clock.now
