import { upstream } from '../embed/testing/upstream'

export const play = upstream
