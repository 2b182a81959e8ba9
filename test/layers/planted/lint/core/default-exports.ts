const one = 1
export { one as default } // want house/no-default-exports
