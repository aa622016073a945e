/**
 * An address on loopback that leads to one server and later to another, as a virtual IP or a name does in a failover. Connections that
 * are open stay with the server they were made to.
 */
import { connect, createServer, type Socket } from 'node:net';

export interface Switch {
  readonly port: number;
  /** Where connections lead that are made from now on. */
  leadTo(url: string): void;
  close(): void;
}

/** @param url of the server that it leads to at first */
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
