import type { Stats } from 'node:fs'

export const bytes = (stats: Stats): number => stats.size
