export const same = (left: unknown, right: unknown): boolean => {
  var equal = left == right // want no-var eqeqeq
  let answer = equal // want prefer-const
  return answer
}
