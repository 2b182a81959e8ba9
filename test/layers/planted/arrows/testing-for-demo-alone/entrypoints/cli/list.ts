import { upstream } from '../embed/testing/upstream'

export const show = upstream
