/** Files that are imported as their path (`with { type: 'file' }`) or as their text (`with { type: 'text' }`). */
declare module 'swagger-ui-dist/*' {
  const path: string;
  export default path;
}
declare module '*.sql' {
  const text: string;
  export default text;
}
declare module '*.lua' {
  const text: string;
  export default text;
}

/** The source of a child process. */
declare module '*.child.js' {
  const text: string;
  export default text;
}
