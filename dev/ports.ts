/** Checks that ports are free before the services open them. */
import { PortTaken } from '@parley/kit/process/run';
import type { Listener } from './plan.ts';

const occupy = ({ name, port }: Listener, hostname: string) => {
  try {
    return Bun.listen({ hostname, port, exclusive: true, socket: { data: () => undefined } });
  } catch (error) {
    if ((error as { code?: string }).code === 'EADDRINUSE') {
      throw new PortTaken(name, hostname, port, `${name.toUpperCase()}_PORT`, { cause: error });
    }
    throw error;
  }
};

/**
 * The ports to use, in the order of the listeners: the requested one, or a free one. All are held open until the last is chosen, so that
 * no two listeners get the same port.
 * @throws {PortTaken} naming the first port that another program uses
 */
export const reservePorts = (listeners: readonly Listener[], host: string): number[] => {
  const held: Bun.TCPSocketListener[] = [];
  try {
    for (const listener of listeners) held.push(occupy(listener, host));
    return held.map(({ port }) => port);
  } finally {
    for (const socket of held) socket.stop(true);
  }
};
