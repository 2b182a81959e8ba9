import { sep } from 'node:path'

export const show = sep
