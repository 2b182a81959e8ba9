export const second = 1_000
