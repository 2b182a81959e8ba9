import { Volume } from 'memfs'

export const volume = Volume
