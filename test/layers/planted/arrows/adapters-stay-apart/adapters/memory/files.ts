import { one } from '../node/files'
import { two } from '../shared/files'

export const both = [one, two]
