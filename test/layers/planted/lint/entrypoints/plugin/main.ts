const runtimes = new Map<string, number>()
let holders = 0

export default {
  id: 'codex-multi-auth',
  server: () => {
    holders += 1
    return runtimes.get(String(holders))
  },
}
