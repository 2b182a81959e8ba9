import { login } from '../programs/login'
import { forward } from '../codex/forward'

export const both = [login, forward]
