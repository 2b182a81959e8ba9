export class Box { // want functional/no-classes
  readonly size = 1
  area(): number {
    return this.size // want functional/no-this-expressions
  }
}
