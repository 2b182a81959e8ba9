import type { Files } from '../adapters/shared/files'

export type Port = Files
