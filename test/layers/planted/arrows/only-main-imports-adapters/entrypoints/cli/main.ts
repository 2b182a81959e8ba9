import { clock } from '../../adapters/node/clock'
import { now } from './list'

export const both = [clock, now]
