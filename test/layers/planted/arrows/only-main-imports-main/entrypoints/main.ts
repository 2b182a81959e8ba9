export const start = () => import('./codex/main')
