export const upstream = (): number => 200
