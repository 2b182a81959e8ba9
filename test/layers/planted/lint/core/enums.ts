export enum Colour { // want house/no-enums
  red,
}
