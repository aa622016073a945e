/** A TCP proxy on loopback that can stop forwarding a server's answers while connections stay open. For short messages. */
import type { Socket } from 'bun';

export interface LeakyProxy {
  readonly port: number;
  /** Stops forwarding answers on the open connections; with `chooses`, only on those whose client has sent matching data. */
  goDeaf(chooses?: (sent: string) => boolean): void;
  close(): void;
}

interface Line {
  server: Promise<Socket>;
  sent: string;
  isDeaf: boolean;
}

export const openLeakyProxy = ({ hostname, port }: { hostname: string; port: string }): LeakyProxy => {
  const lines = new Set<Line>();

  const connect = (client: Socket<Line>): Promise<Socket> =>
    Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        data: (_, bytes) => {
          if (!client.data.isDeaf) client.write(bytes);
        },
        close: () => {
          client.end();
        },
      },
    });

  const listener = Bun.listen<Line>({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      open: (client) => {
        client.data = { server: connect(client), sent: '', isDeaf: false };
        lines.add(client.data);
      },
      data: async ({ data: line }, bytes) => {
        line.sent += bytes.toString();
        const copy = Buffer.from(bytes);
        (await line.server).write(copy);
      },
      close: async ({ data: line }) => {
        lines.delete(line);
        (await line.server).end();
      },
    },
  });
  return {
    port: listener.port,
    goDeaf: (chooses = () => true) => {
      for (const line of lines) if (chooses(line.sent)) line.isDeaf = true;
    },
    close: () => listener.stop(true),
  };
};
