/**
 * Opens a WebSocket as Bun's own client does, which takes headers and can hang up at once: the browser's type of the same name, which
 * the front end's code needs, hides that.
 */
export const dial = (url: string, options: Bun.WebSocketOptions): Bun.WebSocket =>
  Reflect.construct(WebSocket, [url, options]);
