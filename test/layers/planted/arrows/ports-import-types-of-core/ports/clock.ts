import { second } from '../core/time'

export const tick = second
