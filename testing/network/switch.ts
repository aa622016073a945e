/**
 * An address on loopback that forwards to one server and later to another, as a virtual IP or a DNS name does in a failover. Open
 * connections stay with the server that they were opened to.
 */
import { connect, createServer, type Socket } from 'node:net';

export interface Switch {
  readonly port: number;
  /** Sets the server that new connections are forwarded to. */
  leadTo(url: string): void;
  close(): void;
}

/** @param url of the first server */
export const openSwitch = async (url: string): Promise<Switch> => {
  let target = new URL(url);
  const sockets = new Set<Socket>();

  const join = (one: Socket, other: Socket): void => {
    sockets.add(one);
    one.pipe(other);
    one.on('error', () => one.destroy());
    one.on('close', () => {
      sockets.delete(one);
      other.destroy();
    });
  };

  const server = createServer((client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    join(client, upstream);
    join(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The switch has no port');
  return {
    port: address.port,
    leadTo: (next) => {
      target = new URL(next);
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};
