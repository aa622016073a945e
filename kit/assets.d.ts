/** Files that are imported for their path (`with { type: 'file' }`) or their text (`with { type: 'text' }`). */
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

/** The program of a child process, as a text. */
declare module '*.child.js' {
  const text: string;
  export default text;
}
