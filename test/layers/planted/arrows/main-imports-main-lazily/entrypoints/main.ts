import { one } from './cli/main'

export const two = one + 1
