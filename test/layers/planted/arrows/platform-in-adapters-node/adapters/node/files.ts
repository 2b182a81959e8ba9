import { sep } from 'node:path'

export const root = sep
