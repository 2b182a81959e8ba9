export const clock = { now: (): number => 0 }
