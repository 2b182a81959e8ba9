import type { Inflate } from 'fzstd'

export type Port = typeof Inflate
