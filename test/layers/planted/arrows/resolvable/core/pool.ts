import { missing } from './missing'

export const found = missing
