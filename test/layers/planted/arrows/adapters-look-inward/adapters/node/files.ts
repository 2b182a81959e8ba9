import { login } from '../../entrypoints/programs/login'

export const run = login
