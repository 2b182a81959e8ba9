import * as fc from 'fast-check'

export const roll = fc
