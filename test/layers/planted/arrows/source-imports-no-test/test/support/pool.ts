export const pool = []
