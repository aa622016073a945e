/**
 * Opens a WebSocket by Bun's client, which accepts headers and has `terminate`. `new WebSocket` has the browser's type in this project, for
 * the code of the front end.
 */
export const dial = (url: string, options: Bun.WebSocketOptions): Bun.WebSocket =>
  Reflect.construct(WebSocket, [url, options]);
