export const forward = (): number => 0
