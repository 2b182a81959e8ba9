import type { Stats } from 'node:fs'
import { sep } from 'node:path'

export const show = (stats: Stats): string => `${sep}${stats.size}`
