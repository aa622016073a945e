/** Sends a request line as given, for tests: `fetch` would normalize its path. */

export interface RawAnswer {
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

const parse = (text: string): RawAnswer => {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return { status: 0, headers: new Headers(), body: text };
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Headers(
    lines.map((line): [string, string] => [line.split(':', 1)[0] ?? '', line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: text.slice(end + 4) };
};

/** @param request the bytes to send; resolves when the server has closed the connection */
export const rawText = (port: number, request: string): Promise<RawAnswer> => {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  let text = '';
  const socket = {
    open: (to: Bun.Socket) => void to.write(request),
    data: (_: Bun.Socket, bytes: Buffer) => {
      text += bytes.toString();
    },
    close: () => resolve(parse(text)),
    error: (_: Bun.Socket, error: Error) => reject(error),
  };
  Bun.connect({ hostname: '127.0.0.1', port, socket }).catch(reject);
  return promise;
};

/** @param head the request line, such as `GET //rooms`, without its version; the server is asked to close */
export const rawRequest = (port: number, head: string, headers: Record<string, string> = {}): Promise<RawAnswer> => {
  const all = { host: 'localhost', connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return rawText(port, `${head} HTTP/1.1\r\n${lines.join('')}\r\n`);
};
